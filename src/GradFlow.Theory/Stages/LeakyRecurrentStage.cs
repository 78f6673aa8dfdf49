namespace GradFlow.Theory;

/// <summary>
/// Leaky units, h = (1 − α)·h' + α·φ(W·x + b + U·h' + b'): going back a step, the squared gradient keeps (1 − α)²
/// whatever the weights do, and the way through them adds α²·σu²·E[φ'(u)²]. As the weights are the same at every step,
/// both are words of one matrix, see <see cref="GatedRecurrentStage"/>: (1 − α) + α·σu·√E[φ'²] per step in the end.
/// </summary>
/// <param name="Weights">Its weights and biases.</param>
/// <param name="Nonlinearity">φ.</param>
/// <param name="Leak">α of all units, above 0 and up to 1.</param>
/// <remarks>
/// The state settles where what is taken in differs from step to step: its mean is E[φ] and its variance
/// α/(2 − α) that of φ, as a filter of white noise has it. Inputs that stay give more.
/// </remarks>
public sealed record LeakyRecurrentStage(RecurrentEnsemble Weights, Nonlinearity Nonlinearity, double Leak)
    : RecurrentStage(Weights)
{
    private const int Rounds = 200;

    /// <summary>φ.</summary>
    public Nonlinearity Nonlinearity { get; } = Nonlinearity ?? throw new ArgumentNullException(nameof(Nonlinearity));

    /// <summary>α of all units, above 0 and up to 1.</summary>
    public double Leak { get; } = Leak is > 0 and <= 1
        ? Leak
        : throw new ArgumentOutOfRangeException(nameof(Leak), Leak, "A leak is above 0 and at most 1.");

    private protected override double Decades(double drive, int steps)
    {
        var q = Settled(drive);
        return double.IsFinite(q)
            ? GatedRecurrentStage.WordDecades(
                Square(1 - Leak), Leak * Leak * Weights.SigmaU2 * Nonlinearity.SlopeSecondMoment(q), steps)
            : double.NaN;
    }

    private protected override (double SecondMoment, double Mean) State(double drive)
    {
        var q = Settled(drive);
        return double.IsFinite(q) ? (StateSecondMoment(q), Nonlinearity.Mean(q)) : (double.NaN, double.NaN);
    }

    private double StateSecondMoment(double q)
    {
        var mean = Nonlinearity.Mean(q);
        return mean * mean + Leak / (2 - Leak) * (Nonlinearity.SecondMoment(q) - mean * mean);
    }

    /// <summary>q = v + σu²·E[h²]; infinite where it doesn't settle.</summary>
    private double Settled(double drive)
    {
        var constant = drive + Weights.BiasMean * Weights.BiasMean;
        var q = constant;
        for (var round = 0; round < Rounds; round++)
        {
            var next = constant + Weights.SigmaU2 * StateSecondMoment(q);
            if (Math.Abs(next - q) <= 1e-9 * next)
            {
                return next;
            }

            q = next;
        }

        return double.PositiveInfinity;
    }
}
