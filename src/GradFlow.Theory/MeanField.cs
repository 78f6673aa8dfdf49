namespace GradFlow.Theory;

/// <summary>
/// A wide fully connected net at initialisation: weights N(0, σw²/fan-in), biases N(0, σb²), one nonlinearity
/// (Poole et al. 2016; Schoenholz et al. 2017). Rates χ are per layer and of the squared norm.
/// </summary>
public sealed partial class MeanField
{
    private const double Smallest = 1e-10;
    private const double Largest = 1e10;

    /// <summary>Describes the net.</summary>
    /// <param name="nonlinearity">φ.</param>
    /// <param name="sigmaW2">σw², fan-in times the variance of a weight; at least 0.</param>
    /// <param name="sigmaB2">σb², variance of a bias; at least 0.</param>
    public MeanField(Nonlinearity nonlinearity, double sigmaW2, double sigmaB2 = 0)
    {
        ArgumentNullException.ThrowIfNull(nonlinearity);
        CheckVariance(sigmaW2, nameof(sigmaW2));
        CheckVariance(sigmaB2, nameof(sigmaB2));
        Nonlinearity = nonlinearity;
        SigmaW2 = sigmaW2;
        SigmaB2 = sigmaB2;
    }

    /// <summary>φ.</summary>
    public Nonlinearity Nonlinearity { get; }

    /// <summary>σw², fan-in times the variance of a weight.</summary>
    public double SigmaW2 { get; }

    /// <summary>σb², variance of a bias.</summary>
    public double SigmaB2 { get; }

    /// <summary>The variance map q → σw²·E[φ(u)²] + σb², u ~ N(0, q) (Poole et al. 2016, eq. 3).</summary>
    /// <param name="q">Pre-activation variance of a layer.</param>
    /// <returns>Pre-activation variance of the next layer.</returns>
    public double NextVariance(double q) => SigmaW2 * Nonlinearity.SecondMoment(q) + SigmaB2;

    /// <summary>
    /// q*, where the variance map settles when iterated from <paramref name="start"/>: 0 where the signal dies,
    /// infinite where it explodes, <paramref name="start"/> itself where every variance stays.
    /// </summary>
    /// <param name="start">Pre-activation variance of the first layer; more than 0.</param>
    /// <remarks>The map is monotone where φ² is, so iterates approach the next root on the side they move to.</remarks>
    public double FixedPoint(double start = 1)
    {
        if (!(start > 0) || double.IsInfinity(start))
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, "The starting variance has to be above 0.");
        }

        var drift = Drift(start);
        if (Math.Abs(drift) <= 1e-13)
        {
            return start;
        }

        var factor = drift > 0 ? 1.25 : 0.8;
        var (inside, outside) = (start, start * factor);
        while (Drift(outside) * drift > 0)
        {
            (inside, outside) = (outside, outside * factor);
            if (outside < Smallest)
            {
                return 0;
            }

            if (outside > Largest)
            {
                return double.PositiveInfinity;
            }
        }

        return Bisection.Root(Drift, inside, outside);
    }

    /// <summary>χ(q) = σw²·E[φ'(u)²], u ~ N(0, q): growth of the squared gradient norm per layer.</summary>
    /// <param name="q">Pre-activation variance; may be infinite for a homogeneous φ.</param>
    public double Chi(double q) => SigmaW2 * Nonlinearity.SlopeSecondMoment(
        Nonlinearity.IsPositivelyHomogeneous ? 1 : q);

    /// <summary>χ at the fixed point that is reached from q = 1; NaN where the variance diverges.</summary>
    public double Chi()
    {
        var q = FixedPoint();
        return double.IsInfinity(q) && !Nonlinearity.IsPositivelyHomogeneous ? double.NaN : Chi(q);
    }

    /// <summary>½·log10 χ: decades of gradient norm per layer, negative where gradients vanish.</summary>
    public double DecadesPerLayer() => 0.5 * Math.Log10(Chi());

    /// <summary>ξ = 1/|ln χ| in layers; infinite at criticality. About 6ξ layers can be trained.</summary>
    public double DepthScale() => 1 / Math.Abs(Math.Log(Chi()));

    /// <summary>
    /// The correlation of two inputs' pre-activations one layer on, at the fixed point q*
    /// (Poole et al. 2016, eq. 5).
    /// </summary>
    /// <param name="correlation">Correlation c of a layer, between −1 and 1.</param>
    public double NextCorrelation(double correlation) => NextCorrelation(correlation, FixedPoint());

    /// <summary>The correlation map at pre-activation variance <paramref name="q"/> of both inputs.</summary>
    /// <param name="correlation">Correlation c of a layer, between −1 and 1.</param>
    /// <param name="q">Pre-activation variance, above 0 and finite.</param>
    public double NextCorrelation(double correlation, double q)
    {
        if (!(Math.Abs(correlation) <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(correlation), correlation, "A correlation is within −1..1.");
        }

        if (!(q > 0) || double.IsInfinity(q))
        {
            throw new ArgumentOutOfRangeException(nameof(q), q, "A correlation needs a variance above 0 and finite.");
        }

        var covariance = SigmaW2 * Nonlinearity.Correlation(q, q, correlation * q) + SigmaB2;
        return Math.Clamp(covariance / NextVariance(q), -1, 1);
    }

    /// <summary>
    /// c*, where correlations settle: 1 in the ordered phase (χ ≤ 1: inputs become indistinguishable),
    /// below 1 in the chaotic phase.
    /// </summary>
    public double CorrelationFixedPoint()
    {
        var q = FixedPoint();
        if (Chi(q) <= 1 + 1e-12)
        {
            return 1;
        }

        return Bisection.Root(c => NextCorrelation(c, q) - c, 0, 1 - 1e-9);
    }

    private double Drift(double q) => NextVariance(q) / q - 1;

    private static void CheckVariance(double value, string name)
    {
        if (!(value >= 0) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "A variance has to be a finite number of at least 0.");
        }
    }
}
