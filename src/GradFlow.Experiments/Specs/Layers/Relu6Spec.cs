namespace GradFlow.Experiments;

/// <summary>ReLU that ends at 6, min(max(0, x), 6) (Krizhevsky 2010).</summary>
[Entry("relu6")]
public sealed record Relu6Spec : ActivationSpec;
