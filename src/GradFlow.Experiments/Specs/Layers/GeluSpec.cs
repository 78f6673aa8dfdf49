namespace GradFlow.Experiments;

/// <summary>The Gaussian error linear unit, x·Φ(x), with the exact Φ.</summary>
[Entry("gelu")]
public sealed record GeluSpec : LayerSpec;
