namespace GradFlow.Experiments;

/// <summary>
/// A layer of a dense block (Huang et al. 2017): what the branch makes is put beside what comes in, features beside
/// features or channels beside channels.
/// </summary>
[Entry("dense-concat")]
public sealed record DenseConcatSpec : BlockSpec;
