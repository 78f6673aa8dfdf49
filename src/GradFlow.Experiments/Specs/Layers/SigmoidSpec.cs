namespace GradFlow.Experiments;

/// <summary>The logistic function, 1/(1 + e⁻ˣ).</summary>
[Entry("sigmoid")]
public sealed record SigmoidSpec : ActivationSpec;
