namespace GradFlow.Experiments;

/// <summary>A residual block, x + scale·branch(x) (He et al. 2016).</summary>
[Entry("residual")]
public sealed record ResidualSpec : LayerSpec
{
    /// <summary>The branch's layers; its output has the shape of its input.</summary>
    [Shorthand]
    [NotEmpty]
    public required ValueList<LayerSpec> Layers { get; init; }

    /// <summary>What the branch is multiplied by.</summary>
    public double Scale { get; init; } = 1.0;
}
