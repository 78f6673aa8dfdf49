namespace GradFlow.Theory;

/// <summary>
/// h = φ(â), â = (W·x + U·h')/σ with mean 0 and variance 1 over the units (Ba, Kiros &amp; Hinton 2016), gains of 1 and
/// shifts of 0: φ sees N(0, 1) whatever the weights, σ² = v + σu²·E[φ(u)²], and back in time χ = σu²·E[φ'(u)²]/σ². The
/// two directions that normalisation takes away are few among many units.
/// </summary>
/// <param name="Weights">Its weights; biases have no part in it.</param>
/// <param name="Nonlinearity">φ.</param>
public sealed record NormalizedRecurrentStage(RecurrentEnsemble Weights, Nonlinearity Nonlinearity)
    : RecurrentStage(Weights)
{
    /// <summary>φ.</summary>
    public Nonlinearity Nonlinearity { get; } = Nonlinearity ?? throw new ArgumentNullException(nameof(Nonlinearity));

    private protected override double Decades(double drive, int steps)
    {
        var variance = drive + Weights.SigmaU2 * Nonlinearity.SecondMoment(1);
        return variance > 0
            ? steps * 0.5 * Math.Log10(Weights.SigmaU2 * Nonlinearity.SlopeSecondMoment(1) / variance)
            : double.NaN;
    }

    private protected override (double SecondMoment, double Mean) State(double drive) =>
        (Nonlinearity.SecondMoment(1), Nonlinearity.Mean(1));
}
