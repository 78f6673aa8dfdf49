namespace GradFlow.Experiments;

/// <summary>The hyperbolic tangent.</summary>
[Entry("tanh")]
public sealed record TanhSpec : ActivationSpec;
