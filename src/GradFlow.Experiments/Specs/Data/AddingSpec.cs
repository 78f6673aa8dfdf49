namespace GradFlow.Experiments;

/// <summary>Numbers from 0 to 1 of which two are marked, one in each half; their sum is to be told at the end
/// (Hochreiter and Schmidhuber 1997).</summary>
[Entry("adding")]
public sealed record AddingSpec : SequenceDataSpec, IConstrained
{
    /// <summary>Time steps.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 10_000)]
    public int Length { get; init; } = 50;

    SpecProblem? IConstrained.FindProblem() => FindExcess("length", 2.0 * Length);
}
