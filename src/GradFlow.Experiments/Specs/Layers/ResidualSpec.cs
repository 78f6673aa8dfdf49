namespace GradFlow.Experiments;

/// <summary>A residual block, x + scale·branch(x) (He et al. 2016).</summary>
[Entry("residual")]
public sealed record ResidualSpec : BlockSpec
{
    /// <summary>What the branch is multiplied by.</summary>
    public double Scale { get; init; } = 1.0;
}
