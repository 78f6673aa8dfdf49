namespace GradFlow.Experiments;

/// <summary>
/// Random symbols that are to be written in reverse order: at the first time step the last of them, at the last one the
/// first. A net must have read all before it writes; one that only looks back can know no more than the second half.
/// Accuracy and chance are those of all symbols.
/// </summary>
[Entry("reverse")]
public sealed record ReverseSpec : SequenceDataSpec, IConstrained
{
    /// <summary>Symbols of a sequence; of <c>[5, 15]</c> each has its own number from 5 to 15.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 10_000)]
    public LengthRange Length { get; init; } = 10;

    /// <summary>How many different symbols there are.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 100)]
    public int Symbols { get; init; } = 8;

    /// <inheritdoc/>
    public override int? LongestDependency => Length.Max - 1;

    /// <inheritdoc/>
    internal override int? OnlyLength => Length.IsFixed ? Length.Min : null;

    /// <inheritdoc/>
    internal override SequenceDataSpec? OfLength(int length) => this with { Length = length };

    SpecProblem? IConstrained.FindProblem() => FindExcess("length", (double)Length.Max * Symbols);
}
