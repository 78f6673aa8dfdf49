namespace GradFlow.Tensors;

/// <summary>The error function and what is built on it, to about 10⁻¹⁵.</summary>
public static class Erf
{
    private const double SqrtOfPi = 1.7724538509055160273;
    private const int PointsPerUnit = 16;
    private const int Beyond = 6;
    private const int Terms = 11;

    private static readonly double[] Expansions = Expand();

    /// <summary>erf x = 2/√π ∫₀ˣ e^(−t²) dt.</summary>
    /// <remarks>
    /// A Taylor polynomial of degree 10 around the nearest multiple of 1/16, at most 1/32 away, where the first
    /// term left out is below 10⁻¹⁷. Beyond |x| = 6 the result rounds to ±1. NaN gives NaN.
    /// </remarks>
    public static double Value(double x)
    {
        double magnitude = Math.Abs(x);
        if (!(magnitude < Beyond)) return double.IsNaN(x) ? x : Math.Sign(x);
        int point = (int)(magnitude * PointsPerUnit + 0.5);
        double offset = magnitude - (double)point / PointsPerUnit, sum = 0;
        ReadOnlySpan<double> terms = Expansions.AsSpan(point * Terms, Terms);
        for (int n = Terms - 1; n >= 0; n--) sum = sum * offset + terms[n];
        return Math.CopySign(sum, x);
    }

    /// <summary>x·Φ(x), with Φ the standard normal distribution function.</summary>
    public static double Gelu(double x) => double.IsInfinity(x) ? Math.Max(x, 0) : x * NormalCdf(x);

    /// <summary>The derivative of <see cref="Gelu"/>: Φ(x) + x·φ(x).</summary>
    public static double GeluSlope(double x) =>
        double.IsInfinity(x) ? x > 0 ? 1 : 0 : NormalCdf(x) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double NormalCdf(double x) => 0.5 * (1 + Value(x / Math.Sqrt(2)));

    /// <summary>Taylor coefficients of erf around each multiple of 1/16.</summary>
    /// <remarks>
    /// Its derivative g solves g′ = −2x·g, so the coefficients of g around a point p follow each other by
    /// (n+1)·bₙ₊₁ = −2(p·bₙ + bₙ₋₁), and those of erf are bₙ/(n+1).
    /// </remarks>
    private static double[] Expand()
    {
        double[] terms = new double[(Beyond * PointsPerUnit + 1) * Terms];
        for (int point = 0, at = 0; at < terms.Length; point++, at += Terms)
        {
            double p = (double)point / PointsPerUnit, before = 0, b = 2 / SqrtOfPi * Math.Exp(-p * p);
            terms[at] = Series(p);
            for (int n = 0; n < Terms - 1; n++)
            {
                terms[at + n + 1] = b / (n + 1);
                (before, b) = (b, -2 * (p * b + before) / (n + 1));
            }
        }
        return terms;
    }

    /// <summary>
    /// 2/√π·e^(−x²)·Σ 2ⁿx²ⁿ⁺¹/(2n+1)!! (Abramowitz &amp; Stegun 7.1.6), whose terms are all positive so that nothing
    /// cancels.
    /// </summary>
    private static double Series(double x)
    {
        double square = x * x, term = x, sum = x;
        for (int n = 1; term > sum * 1e-17; n++)
        {
            term *= 2 * square / (2 * n + 1);
            sum += term;
        }
        return 2 / SqrtOfPi * Math.Exp(-square) * sum;
    }
}
