namespace GradFlow.Experiments;

/// <summary>The sigmoid linear unit or swish, x·σ(x) (Elfwing et al. 2018).</summary>
[Entry("silu")]
public sealed record SiluSpec : ActivationSpec;
