namespace GradFlow.Experiments;

/// <summary>The largest number of all places or time steps, per channel.</summary>
[Entry("global-max-pool")]
public sealed record GlobalMaxPoolSpec : LayerSpec;
