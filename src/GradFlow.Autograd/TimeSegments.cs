namespace GradFlow.Autograd;

/// <summary>
/// How a recurrent op parts its time steps (checkpointing through time, Chen et al. 2016): for the way back it keeps
/// the states alone that segments of them begin with, and computes again, once, what else it needs of one. The states
/// and what goes back through them are the same bits; gradients of weights, which sum over segments, are so to
/// rounding.
/// </summary>
public sealed record TimeSegments
{
    /// <summary>Takes their length.</summary>
    /// <param name="length">Time steps per segment; √T of T need least memory.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public TimeSegments(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Length = length;
    }

    /// <summary>Time steps per segment.</summary>
    public int Length { get; }

    /// <summary>
    /// Whether the last state alone will be used, by <see cref="Ops.Select"/>: the others aren't kept either, and
    /// are computed again where somebody asks for them after all. False by default.
    /// </summary>
    public bool IsLastAlone { get; init; }
}
