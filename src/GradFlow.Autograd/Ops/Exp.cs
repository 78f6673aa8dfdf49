using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>y = eˣ; ∂x = ∂y·y.</summary>
    public static Variable Exp(Variable x) =>
        Elementwise("exp", x, Kernels.Exp, (g, _, y, to) => Kernels.Multiply(g, y, to));
}
