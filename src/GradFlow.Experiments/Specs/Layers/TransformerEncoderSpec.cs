namespace GradFlow.Experiments;

/// <summary>
/// Blocks of attention and of two layers on each time step, each a residual block with a layer norm (Vaswani et al.
/// 2017); with <c>causal</c> a decoder without an encoder.
/// </summary>
[Entry("transformer-encoder")]
public sealed record TransformerEncoderSpec : TransformerSpec
{
    /// <summary>Whether a time step sees itself and earlier ones alone.</summary>
    public bool Causal { get; init; }

    /// <summary>How many time steps around itself a time step sees; left out for all.</summary>
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public int? Window { get; init; }
}
