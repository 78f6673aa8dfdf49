namespace GradFlow.Experiments;

/// <summary>
/// Weights and optimiser go back to a state that proved sound, the rate is lowered from there on, and the training goes
/// on with the next batch.
/// </summary>
[Entry("restore")]
public sealed record RestoreSpec : NonFiniteSpec
{
    /// <summary>What the rate is multiplied by, each time.</summary>
    [Written]
    [Limits(Above = 0, AtMost = 1)]
    public double Factor { get; init; } = 0.5;

    /// <summary>Training steps between two states that are kept; an epoch by default.</summary>
    [Limits(AtLeast = 1, AtMost = 1e9)]
    public int? Every { get; init; }

    /// <summary>How often this may be done before the training ends all the same.</summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public int AtMost { get; init; } = 10;
}
