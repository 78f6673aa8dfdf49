namespace GradFlow.Experiments;

/// <summary>
/// The decoder of a Transformer (Vaswani et al. 2017): it writes a symbol per time step, looks back over all that the
/// layers before it give, and reads what has been written. It comes last.
/// </summary>
[Entry("transformer-decoder")]
public sealed record TransformerDecoderSpec : TransformerSpec
{
    /// <summary>How many different symbols it can write: the data's classes.</summary>
    [Limits(AtLeast = 2, AtMost = 1e5)]
    public required int Out { get; init; }

    /// <summary>
    /// The probability of reading, in training, the symbol that should have been written rather than its own.
    /// </summary>
    [Written]
    [Limits(AtLeast = 0, AtMost = 1)]
    public double TeacherForcing { get; init; } = 1;
}
