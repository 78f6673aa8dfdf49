using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = x/(1 + |x|) (Bergstra et al. 2009); ∂x = ∂y/(1 + |x|)².</summary>
    public static Variable Softsign(Variable x) =>
        Elementwise("softsign", x, Kernels.Softsign, (g, x, _, to) => Kernels.SoftsignBackward(x, g, to));
}
