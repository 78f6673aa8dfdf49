namespace GradFlow.Experiments;

/// <summary>Sentences whose last word, a language, follows from a country near their start; the next word is to be
/// predicted. Accuracy and chance are those of the last word.</summary>
[Entry("agreement")]
public sealed record AgreementSpec : SequenceDataSpec, IConstrained
{
    /// <summary>Time steps from reading the country to the output that must say the language.</summary>
    [Written]
    [Limits(AtLeast = 6, AtMost = 2000)]
    public int Distance { get; init; } = 40;

    /// <summary>How many languages are spoken, each in two countries.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 8)]
    public int Languages { get; init; } = 4;

    /// <inheritdoc/>
    public override int? LongestDependency => Distance;

    /// <inheritdoc/>
    internal override int? OnlyLength => Distance;

    /// <inheritdoc/>
    internal override SequenceDataSpec? OfLength(int length) => this with { Distance = length };

    SpecProblem? IConstrained.FindProblem() =>
        FindExcess("distance", (double)Grammar.StepsFor(Distance) * Grammar.VocabularySize(Languages));
}
