namespace GradFlow.Experiments;

/// <summary>
/// Strings of the embedded Reber grammar, whose last symbol but one is that near their start; the next symbol is to be
/// predicted. Accuracy and chance are those of the last symbol but one: before it two symbols are mostly legal, of
/// which any is as good a guess (Smith and Zipser 1989; Hochreiter and Schmidhuber 1997, experiment 1).
/// </summary>
[Entry("reber")]
public sealed record ReberSpec : SequenceDataSpec, IConstrained
{
    /// <summary>Symbols of the longest string; longer ones are drawn again.</summary>
    [Written]
    [Limits(AtLeast = 10, AtMost = 1000)]
    public int Longest { get; init; } = 40;

    /// <inheritdoc/>
    public override int? LongestDependency => Longest - Reber.Unread - 2;

    /// <inheritdoc/>
    internal override int? OnlyLength => null;

    /// <inheritdoc/>
    internal override SequenceDataSpec? OfLength(int length) => null;

    SpecProblem? IConstrained.FindProblem() =>
        FindExcess("longest", (double)(Longest - Reber.Unread) * Reber.Symbols.Length);
}
