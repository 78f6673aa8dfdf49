namespace GradFlow.Experiments;

/// <summary>A fully connected layer, y = x·Wᵀ + b.</summary>
[Entry("linear")]
public sealed record LinearSpec : WeightedSpec
{
    /// <summary>
    /// Whether each output unit's weights are a length times a direction, both learned (Salimans &amp; Kingma 2016).
    /// </summary>
    public bool WeightNorm { get; init; }
}
