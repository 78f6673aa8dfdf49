namespace GradFlow.Experiments;

/// <summary>One-hot symbols, of which the first, x or y, comes again at the end; the next symbol is to be predicted.
/// Accuracy and chance are those of the last one (Hochreiter and Schmidhuber 1997, experiment 2).</summary>
[Entry("lag")]
public sealed record LagSpec : SequenceDataSpec, IConstrained
{
    /// <summary>Time steps p, from the first symbol to the one before it comes again; of <c>open</c> sequences q, the
    /// least number of distractors.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 2000)]
    public int Length { get; init; } = 50;

    /// <summary>What lies in between.</summary>
    [Written]
    public LagVariant Variant { get; init; }

    /// <inheritdoc/>
    public override int? LongestDependency => Lag.LongestDependencyOf(this);

    /// <inheritdoc/>
    internal override int? OnlyLength => Length;

    /// <inheritdoc/>
    internal override SequenceDataSpec? OfLength(int length) => this with { Length = length };

    SpecProblem? IConstrained.FindProblem() => FindExcess("length", (double)Lag.StepsOf(this) * Lag.ChannelsOf(this));
}
