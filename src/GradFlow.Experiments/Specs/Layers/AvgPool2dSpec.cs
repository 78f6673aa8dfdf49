namespace GradFlow.Experiments;

/// <summary>The mean over a square window of an image (LeCun et al. 1989), padding counted as zeros.</summary>
[Entry("avg-pool2d")]
public sealed record AvgPool2dSpec : PoolSpec;
