namespace GradFlow.Experiments;

/// <summary>The mean over a window of time steps, padding counted as zeros.</summary>
[Entry("avg-pool1d")]
public sealed record AvgPool1dSpec : PoolSpec;
