namespace GradFlow.Experiments;

/// <summary>Cross-entropy of the softmax of the outputs (logits, one per class) with the label.</summary>
[Entry("cross-entropy")]
public sealed record CrossEntropySpec : LossSpec;
