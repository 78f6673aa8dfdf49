using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = x where x &gt; 0, else α·(eˣ − 1); ∂x = ∂y or α·eˣ·∂y (Clevert, Unterthiner &amp; Hochreiter 2016).
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="alpha">α, minus the value far below 0; 1 by default, as in PyTorch.</param>
    public static Variable Elu(Variable x, double alpha = 1) => Elementwise(
        "elu", x, alpha,
        (from, alpha, to) => Kernels.Elu(from, alpha, 1, to),
        (g, x, _, alpha, to) => Kernels.EluBackward(x, alpha, 1, g, to));
}
