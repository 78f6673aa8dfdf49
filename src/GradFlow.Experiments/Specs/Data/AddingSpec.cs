namespace GradFlow.Experiments;

/// <summary>Uniform numbers of which two are marked, one in each half; their sum is to be told at the end (Hochreiter
/// and Schmidhuber 1997). No constant answer errs by less than (1 − from)²/6 in mean square.</summary>
[Entry("adding")]
public sealed record AddingSpec : SequenceDataSpec, IConstrained
{
    /// <summary>Time steps; of <c>[100, 110]</c> each sequence has its own number from 100 to 110.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 10_000)]
    public LengthRange Length { get; init; } = 50;

    /// <summary>The least of the numbers; the largest is 1. −1 in Hochreiter and Schmidhuber 1997, 0 in Le et al. 2015.
    /// </summary>
    [Written]
    [Limits(AtLeast = -100, Below = 1)]
    public double From { get; init; }

    /// <inheritdoc/>
    public override int? LongestDependency => Length.Max - 1;

    /// <inheritdoc/>
    internal override int? OnlyLength => Length.IsFixed ? Length.Min : null;

    /// <inheritdoc/>
    internal override SequenceDataSpec? OfLength(int length) => this with { Length = length };

    SpecProblem? IConstrained.FindProblem() => FindExcess("length", 2.0 * Length.Max);
}
