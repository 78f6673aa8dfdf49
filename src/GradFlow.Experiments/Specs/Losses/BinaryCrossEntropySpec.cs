namespace GradFlow.Experiments;

/// <summary>Cross-entropy of the logistic function of one output (a logit) with a label of 0 or 1.</summary>
[Entry("binary-cross-entropy")]
public sealed record BinaryCrossEntropySpec : LossSpec;
