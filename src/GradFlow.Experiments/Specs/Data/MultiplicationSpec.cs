namespace GradFlow.Experiments;

/// <summary>Numbers from 0 to 1 of which two are marked, early in the sequence; their product is to be told at the end
/// (Hochreiter and Schmidhuber 1997, experiment 5).</summary>
[Entry("multiplication")]
public sealed record MultiplicationSpec : SequenceDataSpec, IConstrained
{
    /// <summary>Time steps; of <c>[100, 110]</c> each sequence has its own number from 100 to 110.</summary>
    [Written]
    [Limits(AtLeast = 6, AtMost = 10_000)]
    public LengthRange Length { get; init; } = 50;

    /// <inheritdoc/>
    public override int? LongestDependency => Length.Max - 1;

    /// <inheritdoc/>
    internal override int? OnlyLength => Length.IsFixed ? Length.Min : null;

    /// <inheritdoc/>
    internal override SequenceDataSpec? OfLength(int length) => this with { Length = length };

    SpecProblem? IConstrained.FindProblem() => FindExcess("length", 2.0 * Length.Max);
}
