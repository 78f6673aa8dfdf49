namespace GradFlow.Experiments;

/// <summary>The largest number of a square window of an image.</summary>
[Entry("max-pool2d")]
public sealed record MaxPool2dSpec : PoolSpec;
