namespace GradFlow.Experiments;

/// <summary>Half the squared largest singular values, by power iteration (Yoshida &amp; Miyato 2017).</summary>
[Entry("spectral-norm")]
public sealed record SpectralNormSpec : RegularizerSpec;
