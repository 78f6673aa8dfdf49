namespace GradFlow.Experiments;

/// <summary>
/// Layer-sequential unit variance (Mishkin &amp; Matas 2016): orthogonal weights, then scaled so that the layer's
/// outputs have variance 1 on the first batch.
/// </summary>
[Entry("lsuv")]
public sealed record LsuvInitSpec : InitSpec;
