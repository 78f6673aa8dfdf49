namespace GradFlow.Experiments;

/// <summary>Squared error, the mean over outputs and batch.</summary>
[Entry("mse")]
public sealed record MseSpec : LossSpec;
