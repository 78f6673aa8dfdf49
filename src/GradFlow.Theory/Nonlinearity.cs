using MathNet.Numerics.Distributions;

namespace GradFlow.Theory;

/// <summary>
/// A scalar activation function φ with what mean-field theory asks of it: slopes, and moments under Gaussian
/// pre-activations (Poole et al. 2016, Schoenholz et al. 2017). Moments are accurate to 1e-9, kinks included.
/// </summary>
public sealed class Nonlinearity
{
    /// <summary>A unit is saturated where |φ'| is below this share of the largest slope.</summary>
    public const double SaturationLevel = 0.05;

    // Slopes have jumps at 0, so that "at variance 0" means the limit from above.
    private const double TinyVariance = 1e-24;

    private readonly Func<double, double> _value;
    private readonly Func<double, double> _slope;
    private readonly double _exponentialRate;
    private readonly double[] _kinks;

    internal Nonlinearity(
        string name,
        Func<double, double> value,
        Func<double, double> slope,
        double maxSlope,
        bool isBounded = false,
        bool isPositivelyHomogeneous = false,
        double exponentialRate = 0,
        params double[] kinks)
    {
        Name = name;
        _value = value;
        _slope = slope;
        MaxSlope = maxSlope;
        IsBounded = isBounded;
        IsPositivelyHomogeneous = isPositivelyHomogeneous;
        _exponentialRate = exponentialRate;
        _kinks = kinks;
    }

    /// <summary>The name that experiment files use, such as <c>leaky-relu</c>.</summary>
    public string Name { get; }

    /// <summary>The largest |φ'(x)|; infinite for the exponential.</summary>
    public double MaxSlope { get; }

    /// <summary>
    /// True where φ has a floor and a ceiling, so that it can saturate on both sides; false where it is silent below 0,
    /// as ReLU6 is.
    /// </summary>
    public bool IsBounded { get; }

    /// <summary>True where φ(a·x) = a·φ(x) for every a &gt; 0, so that slopes don't depend on the scale.</summary>
    public bool IsPositivelyHomogeneous { get; }

    /// <summary>φ(x).</summary>
    public double Value(double x) => _value(x);

    /// <summary>φ'(x); 0 from the left where a rectifier has its kink, as PyTorch does.</summary>
    public double Slope(double x) => _slope(x);

    /// <summary>E[φ(u)] for u ~ N(0, q).</summary>
    /// <param name="q">Variance of the pre-activation, at least 0.</param>
    public double Mean(double q) => Expect(_value, q, 1);

    /// <summary>E[φ(u)²] for u ~ N(0, q).</summary>
    /// <param name="q">Variance of the pre-activation, at least 0.</param>
    public double SecondMoment(double q) => Expect(x => Square(_value(x)), q, 2);

    /// <summary>E[φ'(u)²] for u ~ N(0, q); at q = 0 the limit from above.</summary>
    /// <param name="q">Variance of the pre-activation, at least 0.</param>
    public double SlopeSecondMoment(double q) => Expect(x => Square(_slope(x)), Math.Max(q, TinyVariance), 2);

    internal double SlopeFourthMoment(double q) =>
        Expect(x => Square(Square(_slope(x))), Math.Max(q, TinyVariance), 4);

    /// <summary>E[φ(u₁)·φ(u₂)] for jointly Gaussian u with mean 0.</summary>
    /// <param name="q1">Variance of u₁.</param>
    /// <param name="q2">Variance of u₂.</param>
    /// <param name="covariance">E[u₁·u₂], |covariance| ≤ √(q1·q2).</param>
    /// <remarks>Closed form for positively homogeneous φ (Cho &amp; Saul 2009), nested quadrature otherwise.</remarks>
    public double Correlation(double q1, double q2, double covariance)
    {
        CheckCovariance(q1, q2, covariance);
        return IsPositivelyHomogeneous
            ? ArcCosine(q1, q2, covariance)
            : Expect(_value, q1, q2, covariance);
    }

    /// <summary>E[φ'(u₁)·φ'(u₂)] for jointly Gaussian u with mean 0; at variance 0 the limit from above.</summary>
    /// <param name="q1">Variance of u₁.</param>
    /// <param name="q2">Variance of u₂.</param>
    /// <param name="covariance">E[u₁·u₂], |covariance| ≤ √(q1·q2).</param>
    public double SlopeCorrelation(double q1, double q2, double covariance)
    {
        CheckCovariance(q1, q2, covariance);
        if (IsPositivelyHomogeneous)
        {
            return SameSignSlopes(q1, q2, covariance);
        }

        return Expect(_slope, Math.Max(q1, TinyVariance), Math.Max(q2, TinyVariance), covariance);
    }

    /// <summary>
    /// P(|φ'(u)| &lt; 5 % of <see cref="MaxSlope"/>) for u ~ N(0, q): the share of units that pass next to nothing.
    /// For a rectifier this is its silent half; 0 where slopes are unbounded.
    /// </summary>
    /// <param name="q">Variance of the pre-activation, at least 0.</param>
    public double SaturatedShare(double q)
    {
        CheckVariance(q);
        if (double.IsPositiveInfinity(MaxSlope))
        {
            return 0;
        }

        var deviation = Math.Sqrt(Math.Max(q, TinyVariance));
        var (share, from) = (0.0, double.NegativeInfinity);
        foreach (var (to, saturated) in SaturationIntervals())
        {
            share += saturated ? Normal.CDF(0, deviation, to) - Normal.CDF(0, deviation, from) : 0;
            from = to;
        }

        return Math.Clamp(share, 0, 1);
    }

    private double Expect(Func<double, double> f, double q, int power)
    {
        CheckVariance(q);
        if (Overflows(power * power * q))
        {
            return double.PositiveInfinity;
        }

        var deviation = Math.Sqrt(q);
        return GaussianQuadrature.Expect(
            f, 0, deviation, power * _exponentialRate * deviation, _kinks.Select(kink => kink / deviation));
    }

    private double Expect(Func<double, double> f, double q1, double q2, double covariance) =>
        Overflows(q1 + q2 + 2 * covariance)
            ? double.PositiveInfinity
            : BivariateGaussian.Expect(f, q1, q2, covariance, _exponentialRate, _kinks);

    // E[e^(r·u)] = e^(r²·Var(u)/2) is beyond double precision.
    private bool Overflows(double variance) => _exponentialRate * _exponentialRate * variance / 2 > 709;

    // E[φφ] = √(q₁q₂)·[(a₊² + a₋²)·k(ρ) − 2·a₊a₋·k(−ρ)], k the arc-cosine kernel of degree 1 (Cho & Saul 2009, eq. 6).
    private double ArcCosine(double q1, double q2, double covariance)
    {
        var scale = Math.Sqrt(q1 * q2);
        if (scale == 0)
        {
            return 0;
        }

        var (positive, negative) = (_value(1), -_value(-1));
        var rho = Math.Clamp(covariance / scale, -1, 1);
        return scale * ((Square(positive) + Square(negative)) * Kernel(rho) - 2 * positive * negative * Kernel(-rho));

        static double Kernel(double rho) =>
            (Math.Sqrt((1 - rho) * (1 + rho)) + rho * (Math.PI - Math.Acos(rho))) / (2 * Math.PI);
    }

    // Both signs agree with probability ½ + asin(ρ)/π (Sheppard 1899).
    private double SameSignSlopes(double q1, double q2, double covariance)
    {
        var (positive, negative) = (_slope(1), _slope(-1));
        var scale = Math.Sqrt(q1 * q2);
        var rho = scale == 0 ? 1 : Math.Clamp(covariance / scale, -1, 1);
        var agree = 0.5 + Math.Asin(rho) / Math.PI;
        return agree * (Square(positive) + Square(negative)) / 2 + (1 - agree) * positive * negative;
    }

    // Right ends of the intervals on which |φ'| stays on one side of the level, found on a grid and by bisection.
    private IEnumerable<(double To, bool Saturated)> SaturationIntervals()
    {
        const double reach = 64;
        const double step = 1.0 / 64;
        bool IsSaturated(double x) => Math.Abs(_slope(x)) < SaturationLevel * MaxSlope;

        var saturated = IsSaturated(-reach);
        for (var x = -reach; x < reach; x += step)
        {
            if (IsSaturated(x + step) == saturated)
            {
                continue;
            }

            var (low, high) = (x, x + step);
            for (var k = 0; k < 60; k++)
            {
                var middle = (low + high) / 2;
                (low, high) = IsSaturated(middle) == saturated ? (middle, high) : (low, middle);
            }

            yield return (high, saturated);
            saturated = !saturated;
        }

        yield return (double.PositiveInfinity, saturated);
    }

    private static double Square(double x) => x * x;

    private static void CheckVariance(double q)
    {
        if (!(q >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(q), q, "A variance has to be a number of at least 0.");
        }
    }

    private static void CheckCovariance(double q1, double q2, double covariance)
    {
        CheckVariance(q1);
        CheckVariance(q2);
        if (!(Math.Abs(covariance) <= Math.Sqrt(q1 * q2) * (1 + 1e-9)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(covariance), covariance, $"With variances {q1} and {q2} a covariance is at most √(q1·q2).");
        }
    }
}
