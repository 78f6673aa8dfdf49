namespace GradFlow.Experiments;

/// <summary>A layer with weights and a bias that doesn't work through time.</summary>
public abstract record WeightedSpec : LayerSpec
{
    /// <summary>The number of outputs; of a convolution, of output channels.</summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 1e5)]
    public required int Out { get; init; }

    /// <summary>How the weights are drawn.</summary>
    [Written]
    public InitSpec Init { get; init; } = new TorchInitSpec();

    /// <summary>How the bias is drawn; <c>none</c> for no bias.</summary>
    public BiasInitSpec? Bias { get; init; } = new TorchInitSpec();

    /// <summary>
    /// Whether each output unit's weights, or each output channel's, are a length times a direction, both learned
    /// (Salimans &amp; Kingma 2016).
    /// </summary>
    public bool WeightNorm { get; init; }
}
