namespace GradFlow.Experiments;

/// <summary>Turns each sample into a vector.</summary>
[Entry("flatten")]
public sealed record FlattenSpec : LayerSpec;
