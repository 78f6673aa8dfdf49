namespace GradFlow.Experiments;

/// <summary>A fully connected layer, y = x·Wᵀ + b.</summary>
[Entry("linear")]
public sealed record LinearSpec : WeightedSpec;
