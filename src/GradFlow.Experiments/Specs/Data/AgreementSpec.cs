namespace GradFlow.Experiments;

/// <summary>Sentences whose last word, a language, follows from a country near their start; the next word is to be
/// predicted, or the language alone. Accuracy and chance are those of the language.</summary>
[Entry("agreement")]
public sealed record AgreementSpec : SequenceDataSpec, IConstrained
{
    /// <summary>Time steps from reading the country to the output that must say the language. Of <c>[6, 100]</c> each
    /// sentence has its own number from 6 to 100.</summary>
    [Written]
    [Limits(AtLeast = 6, AtMost = 2000)]
    public LengthRange Distance { get; init; } = 40;

    /// <summary>How many languages are spoken, each in two countries.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 8)]
    public int Languages { get; init; } = 4;

    /// <summary>What is to be predicted.</summary>
    public AgreementTarget Predict { get; init; }

    /// <inheritdoc/>
    public override int? LongestDependency => Distance.Max;

    /// <inheritdoc/>
    internal override int? OnlyLength => Distance.IsFixed ? Distance.Min : null;

    /// <inheritdoc/>
    internal override SequenceDataSpec? OfLength(int length) => this with { Distance = length };

    SpecProblem? IConstrained.FindProblem() =>
        FindExcess("distance", (double)Grammar.StepsFor(Distance.Max) * Grammar.VocabularySize(Languages));
}
