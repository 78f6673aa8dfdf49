namespace GradFlow.Experiments;

/// <summary>
/// The decoder of a sequence-to-sequence net (Bahdanau, Cho and Bengio 2015): a gated recurrent unit that writes a
/// symbol per time step and looks back over all that the layers before it give, by additive attention. It comes last.
/// </summary>
[Entry("attention-decoder")]
public sealed record AttentionDecoderSpec : LayerSpec
{
    /// <summary>How many different symbols it can write: the data's classes.</summary>
    [Shorthand]
    [Limits(AtLeast = 2, AtMost = 1e5)]
    public required int Out { get; init; }

    /// <summary>Numbers in its state.</summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 1e4)]
    public int Units { get; init; } = 64;

    /// <summary>Numbers that a symbol is read as.</summary>
    [Limits(AtLeast = 1, AtMost = 1e4)]
    public int Embedding { get; init; } = 16;

    /// <summary>
    /// The probability of reading, in training, the symbol that should have been written rather than its own.
    /// </summary>
    [Written]
    [Limits(AtLeast = 0, AtMost = 1)]
    public double TeacherForcing { get; init; } = 1;
}
