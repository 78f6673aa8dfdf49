namespace GradFlow.Experiments;

/// <summary>
/// A residual block, x + α·branch(x), with one learned number α that starts at 0 (Bachlechner et al. 2021); the same
/// as skip-init.
/// </summary>
[Entry("rezero")]
public sealed record ReZeroSpec : BlockSpec;
