namespace GradFlow.Experiments;

/// <summary>The largest number of a window of time steps.</summary>
[Entry("max-pool1d")]
public sealed record MaxPool1dSpec : PoolSpec;
