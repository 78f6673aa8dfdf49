namespace GradFlow.Experiments;

/// <summary>A convolution of images with square kernels (LeCun et al. 1998).</summary>
[Entry("conv2d")]
public sealed record Conv2dSpec : ConvSpec;
