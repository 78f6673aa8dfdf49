namespace GradFlow.Experiments;

/// <summary>
/// A block of Fixup (Zhang, Dauphin &amp; Ma 2019): x + α·branch(x) with learned scalars; for L blocks of m layers of
/// weights these are multiplied by L^(−1/(2m−2)) at the start, and the last layer starts at 0.
/// </summary>
[Entry("fixup")]
public sealed record FixupSpec : BlockSpec;
