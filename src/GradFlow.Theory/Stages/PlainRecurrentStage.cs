namespace GradFlow.Theory;

/// <summary>
/// h = φ(W·x + b + U·h' + b'): the mean field of a layered net whose layers share their weights, driven at every step.
/// Its pre-activations settle at q = σu²·E[φ(u)²] + v, u ~ N(0, q), and χ = σu²·E[φ'(u)²] (Sompolinsky et al. 1988;
/// with a drive, Chen, Pennington &amp; Schoenholz 2018).
/// </summary>
/// <param name="Weights">Its weights and biases.</param>
/// <param name="Nonlinearity">φ.</param>
/// <param name="KeepsUnits">True where U is a multiple of the identity: units don't mix.</param>
/// <remarks>
/// Rectifiers whose units don't mix, with σu ≥ 1 (Le et al. 2015), are random walks that are stopped at 0: a unit that
/// has risen stays on. By the arcsine law the share on for k of T steps falls as a root, not exponentially, so that χ
/// is σu². With σu &lt; 1 their share on isn't covered.
/// </remarks>
public sealed record PlainRecurrentStage(RecurrentEnsemble Weights, Nonlinearity Nonlinearity, bool KeepsUnits = false)
    : RecurrentStage(Weights)
{
    /// <summary>φ.</summary>
    public Nonlinearity Nonlinearity { get; } = Nonlinearity ?? throw new ArgumentNullException(nameof(Nonlinearity));

    // Of homogeneous φ all but the identity are rectifiers.
    private bool IsWalk => KeepsUnits && Nonlinearity.IsPositivelyHomogeneous && Nonlinearity.Slope(-1) != 1;

    private protected override double Decades(double drive, int steps) => steps * 0.5 * Math.Log10(Chi(drive));

    private protected override (double SecondMoment, double Mean) State(double drive)
    {
        var q = IsWalk ? double.NaN : Settled(drive);
        return double.IsFinite(q)
            ? (Nonlinearity.SecondMoment(q), Nonlinearity.Mean(q))
            : (double.NaN, double.NaN);
    }

    private double Chi(double drive)
    {
        if (IsWalk)
        {
            return Weights.SigmaU2 >= 1 ? Weights.SigmaU2 : double.NaN;
        }

        var q = Settled(drive);
        return double.IsInfinity(q) && !Nonlinearity.IsPositivelyHomogeneous ? double.NaN : Field(drive).Chi(q);
    }

    private double Settled(double drive) => Field(drive).FixedPoint();

    private MeanField Field(double drive) =>
        new(Nonlinearity, Weights.SigmaU2, drive + Weights.BiasMean * Weights.BiasMean);
}
