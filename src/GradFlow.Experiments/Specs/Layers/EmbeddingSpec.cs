namespace GradFlow.Experiments;

/// <summary>A learned vector for each word (Bengio et al. 2003); reads the data itself, so it comes first.</summary>
[Entry("embedding")]
public sealed record EmbeddingSpec : LayerSpec
{
    /// <summary>The numbers of one vector.</summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 1e4)]
    public required int Out { get; init; }

    /// <summary>
    /// How many words there are, where the data has whole numbers for them, from 0; left out where words are one-hot,
    /// as those of <c>agreement</c>.
    /// </summary>
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public int? Words { get; init; }

    /// <summary>How the vectors are drawn.</summary>
    [Written]
    public InitSpec Init { get; init; } = new NormalInitSpec { Std = 1 };
}
