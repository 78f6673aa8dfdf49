namespace GradFlow.Experiments;

/// <summary>
/// A residual block, x + α·branch(x), with one learned number α that starts at 0 (De &amp; Smith 2020).
/// </summary>
[Entry("skip-init")]
public sealed record SkipInitSpec : BlockSpec;
