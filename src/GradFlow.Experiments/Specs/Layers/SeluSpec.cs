namespace GradFlow.Experiments;

/// <summary>
/// The self-normalising exponential linear unit (Klambauer et al. 2017); made for <c>lecun-normal</c>.
/// </summary>
[Entry("selu")]
public sealed record SeluSpec : ActivationSpec;
