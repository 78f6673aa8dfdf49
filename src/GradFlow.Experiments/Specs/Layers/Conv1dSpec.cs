namespace GradFlow.Experiments;

/// <summary>A convolution along the time steps of sequences (Waibel et al. 1989).</summary>
[Entry("conv1d")]
public sealed record Conv1dSpec : ConvSpec;
