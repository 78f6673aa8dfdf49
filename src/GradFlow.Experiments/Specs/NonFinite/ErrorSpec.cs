namespace GradFlow.Experiments;

/// <summary>The training ends there.</summary>
[Entry("error")]
public sealed record ErrorSpec : NonFiniteSpec;
