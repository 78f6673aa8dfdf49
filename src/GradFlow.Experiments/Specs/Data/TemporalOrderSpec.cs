namespace GradFlow.Experiments;

/// <summary>One-hot symbols, two or three of which are X or Y among distractors; in which order they came is to be told
/// at the end: one class for each of the 4 or 8 orders (Hochreiter and Schmidhuber 1997, experiments 6a and
/// 6b).</summary>
[Entry("temporal-order")]
public sealed record TemporalOrderSpec : SequenceDataSpec, IConstrained
{
    /// <summary>Time steps; of <c>[100, 110]</c> each sequence has its own number from 100 to 110.</summary>
    [Written]
    [Limits(AtLeast = 10, AtMost = 10_000)]
    public LengthRange Length { get; init; } = 50;

    /// <summary>How many of the symbols are X or Y.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 3)]
    public int Symbols { get; init; } = 2;

    /// <summary>Where they stand, and what stands at the ends.</summary>
    [Written]
    public TemporalOrderVariant Variant { get; init; }

    /// <inheritdoc/>
    public override int? LongestDependency => TemporalOrder.LongestDependencyOf(this);

    /// <inheritdoc/>
    internal override int? OnlyLength => Length.IsFixed ? Length.Min : null;

    /// <inheritdoc/>
    internal override SequenceDataSpec? OfLength(int length) => this with { Length = length };

    SpecProblem? IConstrained.FindProblem() =>
        FindExcess("length", (double)Length.Max * TemporalOrder.Alphabet(Variant));
}
