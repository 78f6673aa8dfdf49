namespace GradFlow.Experiments;

/// <summary>
/// A highway block, T·branch(x) + (1 − T)·x with gates T = σ(W·x + b) that are learned (Srivastava et al. 2015).
/// </summary>
[Entry("highway")]
public sealed record HighwaySpec : BlockSpec
{
    /// <summary>The gates' bias b at the start: where it is below 0, x is mostly carried on.</summary>
    [Written]
    [Limits(AtLeast = -100, AtMost = 100)]
    public double GateBias { get; init; } = -2.0;

    /// <summary>How the gates' weights W are drawn.</summary>
    public InitSpec GateInit { get; init; } = new TorchInitSpec();
}
