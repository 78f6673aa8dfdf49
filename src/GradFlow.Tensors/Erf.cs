namespace GradFlow.Tensors;

/// <summary>The error function and what is built on it, to the last bits of float64.</summary>
public static class Erf
{
    private const double SqrtOfPi = 1.7724538509055160273;

    /// <summary>erf x = 2/√π ∫₀ˣ e^(−t²) dt.</summary>
    /// <remarks>
    /// The series 2/√π·e^(−x²)·Σ 2ⁿx²ⁿ⁺¹/(2n+1)!! (Abramowitz &amp; Stegun 7.1.6), whose terms are all positive so that
    /// nothing cancels. Beyond |x| = 6 the result rounds to ±1. NaN gives NaN.
    /// </remarks>
    public static double Value(double x)
    {
        if (double.IsNaN(x)) return x;
        if (Math.Abs(x) >= 6) return Math.Sign(x);
        double square = x * x, term = x, sum = x;
        for (int n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            term *= 2 * square / (2 * n + 1);
            sum += term;
        }
        return 2 / SqrtOfPi * Math.Exp(-square) * sum;
    }

    /// <summary>x·Φ(x), with Φ the standard normal distribution function.</summary>
    public static double Gelu(double x) => double.IsInfinity(x) ? Math.Max(x, 0) : x * NormalCdf(x);

    /// <summary>The derivative of <see cref="Gelu"/>: Φ(x) + x·φ(x).</summary>
    public static double GeluSlope(double x) =>
        double.IsInfinity(x) ? x > 0 ? 1 : 0 : NormalCdf(x) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double NormalCdf(double x) => 0.5 * (1 + Value(x / Math.Sqrt(2)));
}
