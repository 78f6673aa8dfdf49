namespace GradFlow.Experiments;

/// <summary>Sequences, drawn at random.</summary>
public abstract record SequenceDataSpec : DrawnDataSpec
{
    /// <summary>
    /// Time steps between what decides and the last output, which it decides, in the longest sequence; null where that
    /// is no matter of one lag.
    /// </summary>
    public abstract int? LongestDependency { get; }

    /// <summary>
    /// The length that all sequences have, as the task's own key gives it; null where they have several, or where none
    /// makes the task longer or shorter.
    /// </summary>
    internal abstract int? OnlyLength { get; }

    /// <summary>The same task with another length; null where it has no such key. It may be impossible.</summary>
    internal abstract SequenceDataSpec? OfLength(int length);
}
