namespace GradFlow.Experiments;

/// <summary>Softmax over the features; for outputs that are probabilities, or as a layer.</summary>
[Entry("softmax")]
public sealed record SoftmaxSpec : ActivationSpec;
