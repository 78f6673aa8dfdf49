namespace GradFlow.Experiments;

/// <summary>Sequences, drawn at random.</summary>
public abstract record SequenceDataSpec : DrawnDataSpec
{
    /// <summary>
    /// Time steps between what decides and the last output, which it decides, in the longest sequence; null where that is
    /// no matter of one lag.
    /// </summary>
    public abstract int? LongestDependency { get; }
}
