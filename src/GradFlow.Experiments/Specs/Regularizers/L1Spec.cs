namespace GradFlow.Experiments;

/// <summary>The sum of the magnitudes, which drives small weights to 0.</summary>
[Entry("l1")]
public sealed record L1Spec : RegularizerSpec;
