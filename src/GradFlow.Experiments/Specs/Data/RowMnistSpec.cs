namespace GradFlow.Experiments;

/// <summary>The images of MNIST's IDX files as sequences of their rows, from above; the class is to be told at the
/// end.</summary>
[Entry("row-mnist")]
public sealed record RowMnistSpec : IdxDataSpec;
