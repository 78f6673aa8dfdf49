namespace GradFlow.Experiments;

/// <summary>The exponential function, eˣ.</summary>
[Entry("exponential")]
public sealed record ExponentialSpec : ActivationSpec;
