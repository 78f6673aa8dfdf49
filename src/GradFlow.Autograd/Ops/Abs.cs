using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = |x|; ∂x = ∂y·sign x, with 0 at x = 0, as in PyTorch.</summary>
    public static Variable Abs(Variable x) =>
        Elementwise("abs", x, Kernels.Abs, (g, x, _, to) => Kernels.AbsBackward(x, g, to));
}
