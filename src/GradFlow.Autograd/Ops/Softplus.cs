using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y = ln(1 + e^(βx))/β, a smooth ReLU (Dugas et al. 2001); ∂x = ∂y·σ(βx). Computed so that it neither overflows
    /// nor loses what is small; PyTorch's threshold, from which it takes x itself, isn't needed and changes no digit.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="beta">β, above 0: how sharply it bends at 0; 1 by default, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">β isn't above 0.</exception>
    public static Variable Softplus(Variable x, double beta = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        return Elementwise(
            "softplus", x, beta, Kernels.Softplus,
            (g, x, _, beta, to) => Kernels.SoftplusBackward(x, beta, g, to));
    }
}
