using System.Numerics;

namespace GradFlow.Theory;

/// <summary>What gradients can't exceed, and when they are gone altogether.</summary>
public static class Bounds
{
    /// <summary>
    /// An upper bound of ‖∂h_T/∂h_0‖₂: (γ·σ₁)^T, γ the largest slope (Pascanu et al. 2013, section 2.1). With σ₁ = 1
    /// it is what the activation alone allows: 4^−T for the sigmoid (Hochreiter 1991).
    /// </summary>
    /// <param name="nonlinearity">φ; γ is its largest slope.</param>
    /// <param name="largestSingularValue">σ₁ of the recurrent matrix, or of every layer's; at least 0.</param>
    /// <param name="steps">T, at least 0.</param>
    public static double JacobianNorm(Nonlinearity nonlinearity, double largestSingularValue, int steps)
    {
        ArgumentNullException.ThrowIfNull(nonlinearity);
        ArgumentOutOfRangeException.ThrowIfNegative(largestSingularValue);
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return Math.Pow(nonlinearity.MaxSlope * largestSingularValue, steps);
    }

    /// <summary>
    /// The first k for which factor^k, multiplied up and rounded after each product as hardware does, is exactly 0.
    /// </summary>
    /// <typeparam name="T">The number format: <see cref="Half"/>, float or double.</typeparam>
    /// <param name="factor">At most ½ in size: above, rounding can hold a product at the smallest number.</param>
    public static int FirstZeroPower<T>(T factor)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var half = T.One / (T.One + T.One);
        if (!(T.Abs(factor) <= half))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "A factor of at most ½ in size is needed.");
        }

        var (power, k) = (T.One, 0);
        while (power != T.Zero)
        {
            power *= factor;
            k++;
        }

        return k;
    }
}
