namespace GradFlow.Experiments;

/// <summary>Symbols to be kept over blank time steps and then said in their order; the loss stands at every step, and
/// accuracy and chance are those of the recalled symbols (Arjovsky, Shah and Bengio 2016, section 5.1).</summary>
[Entry("copy")]
public sealed record CopySpec : SequenceDataSpec, IConstrained
{
    /// <summary>
    /// Time steps from the last symbol to the delimiter that asks for them; a sequence has as many steps and twice as
    /// many as there are symbols to remember. Of <c>[50, 100]</c> each has its own number from 50 to 100.
    /// </summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 10_000)]
    public LengthRange Length { get; init; } = 50;

    /// <summary>How many symbols are to be remembered.</summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 1000)]
    public int Remember { get; init; } = 10;

    /// <summary>How many different symbols there are, blank and delimiter not counted.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 100)]
    public int Symbols { get; init; } = 8;

    /// <inheritdoc/>
    public override int? LongestDependency => Length.Max + Remember;

    /// <inheritdoc/>
    internal override int? OnlyLength => Length.IsFixed ? Length.Min : null;

    /// <inheritdoc/>
    internal override SequenceDataSpec? OfLength(int length) => this with { Length = length };

    SpecProblem? IConstrained.FindProblem() => FindExcess("length", (Length.Max + (2.0 * Remember)) * (Symbols + 2));
}
