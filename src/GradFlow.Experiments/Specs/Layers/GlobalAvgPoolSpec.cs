namespace GradFlow.Experiments;

/// <summary>The mean over all places or time steps, per channel (Lin, Chen &amp; Yan 2014).</summary>
[Entry("global-avg-pool")]
public sealed record GlobalAvgPoolSpec : LayerSpec;
