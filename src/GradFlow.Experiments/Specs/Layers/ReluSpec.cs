namespace GradFlow.Experiments;

/// <summary>The rectifier, max(0, x).</summary>
[Entry("relu")]
public sealed record ReluSpec : ActivationSpec;
