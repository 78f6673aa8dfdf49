using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// ∂L/∂x as a tensor times 2^exponent: what keeps gradients of any size apart from zero and infinity.
/// </summary>
/// <param name="Mantissa">The numbers before the power of two; the tape's, and valid while it is shown.</param>
/// <param name="Exponent">The power of two; 0 wherever plain numbers suffice.</param>
public readonly record struct Cotangent(Tensor Mantissa, int Exponent)
{
    private static readonly double Log10Of2 = Math.Log10(2);

    /// <summary>
    /// log10 of the Frobenius norm: finite at any size, −∞ for exact zeros, NaN or ∞ where the numbers are.
    /// </summary>
    public double Log10Norm => Kernels.Log10Norm(Mantissa) + Exponent * Log10Of2;

    /// <summary>log10 of the largest magnitude, likewise.</summary>
    public double Log10MaxAbs => Math.Log10(Kernels.MaxAbs(Mantissa)) + Exponent * Log10Of2;

    /// <summary>
    /// The same numbers with a mantissa in the safe range: if its largest magnitude has left it, that is brought to
    /// [1, 2), in place and exactly.
    /// </summary>
    /// <remarks>
    /// The range leaves room on both sides: an op may shrink by 10⁻²⁸ (float32) before an entry near the largest one
    /// loses a bit, or grow by 10²⁸ before one overflows.
    /// </remarks>
    internal Cotangent Renormalize()
    {
        double largest = Kernels.MaxAbs(Mantissa);
        int limit = Mantissa.ElementType == ElementType.Float32 ? 32 : 256;
        if (largest == 0 || !double.IsFinite(largest)) return this;
        int exponent = Math.ILogB(largest);
        if (Math.Abs(exponent) <= limit) return this;
        Kernels.ScaleByPowerOfTwoInPlace(Mantissa, -exponent);
        return this with { Exponent = Exponent + exponent };
    }

    /// <summary>Paths add at the larger exponent, so that the larger path keeps its bits.</summary>
    /// <param name="sum">What is there; it or the share becomes the sum, and the other goes back to the pool.</param>
    /// <param name="share">What is added.</param>
    /// <param name="pool">Where both were lent.</param>
    internal static Cotangent Add(Cotangent sum, Cotangent share, TensorPool pool)
    {
        if (sum.Exponent != share.Exponent) (sum, share) = Comparable(sum.Renormalize(), share.Renormalize());
        (Cotangent large, Cotangent small) = sum.Exponent >= share.Exponent ? (sum, share) : (share, sum);
        Kernels.ScaleByPowerOfTwoInPlace(small.Mantissa, small.Exponent - large.Exponent);
        Kernels.AddInPlace(large.Mantissa, small.Mantissa);
        pool.Return(small.Mantissa);
        return large;
    }

    /// <summary>
    /// Zeros are zeros at any exponent and take the other's; else a dead path would flush a vanished one beside it.
    /// </summary>
    private static (Cotangent Sum, Cotangent Share) Comparable(Cotangent sum, Cotangent share)
    {
        if (Kernels.MaxAbs(sum.Mantissa) == 0) return (sum with { Exponent = share.Exponent }, share);
        if (Kernels.MaxAbs(share.Mantissa) == 0) return (sum, share with { Exponent = sum.Exponent });
        return (sum, share);
    }
}
