namespace GradFlow.Experiments;

/// <summary>PyTorch's default for linear layers: uniform on ±1/√fan-in, for weights and bias alike.</summary>
[Entry("torch")]
public sealed record TorchInitSpec : BiasInitSpec;
