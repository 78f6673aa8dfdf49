namespace GradFlow.Experiments;

/// <summary>Images in MNIST's IDX files, plain or .gz: train-* and t10k-*, or one of them, to be split.</summary>
[Entry("mnist")]
public sealed record MnistSpec : IdxDataSpec;
