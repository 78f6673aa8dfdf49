namespace GradFlow.Experiments;

/// <summary>
/// The training ends where the validation loss, without regularisers, stops improving, and the net goes back to its
/// best (Prechelt 1998).
/// </summary>
public sealed record EarlyStoppingSpec
{
    /// <summary>Looks in a row without an improvement after which the training ends.</summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 1e9)]
    public int Patience { get; init; } = 5;

    /// <summary>
    /// By how much the loss must fall below the best so far to count as an improvement, in the loss's unit.
    /// </summary>
    [Limits(AtLeast = 0)]
    public double Delta { get; init; }

    /// <summary>Training steps between two looks at it; an epoch by default.</summary>
    [Limits(AtLeast = 1, AtMost = 1e9)]
    public int? Every { get; init; }
}
