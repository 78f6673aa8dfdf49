using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// ∂L/∂x as a tensor times 2^exponent: what keeps gradients of any size apart from zero and infinity.
/// </summary>
/// <param name="Mantissa">The numbers before the power of two; belongs to the tape and is valid while it is shown.</param>
/// <param name="Exponent">The power of two; 0 wherever plain numbers suffice.</param>
public readonly record struct Cotangent(Tensor Mantissa, int Exponent)
{
    private static readonly double Log10Of2 = Math.Log10(2);

    /// <summary>log10 of the Frobenius norm: finite at any size, −∞ for exact zeros, NaN or ∞ where the numbers are.</summary>
    public double Log10Norm => 0.5 * Math.Log10(Kernels.SumOfSquares(Mantissa)) + Exponent * Log10Of2;

    /// <summary>log10 of the largest magnitude, likewise.</summary>
    public double Log10MaxAbs => Math.Log10(Kernels.MaxAbs(Mantissa)) + Exponent * Log10Of2;
}
