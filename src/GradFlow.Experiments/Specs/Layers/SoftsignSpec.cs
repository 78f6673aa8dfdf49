namespace GradFlow.Experiments;

/// <summary>x/(1 + |x|) (Bergstra et al. 2009).</summary>
[Entry("softsign")]
public sealed record SoftsignSpec : ActivationSpec;
