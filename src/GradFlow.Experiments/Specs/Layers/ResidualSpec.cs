namespace GradFlow.Experiments;

/// <summary>A residual block, x + scale·branch(x), or with a shortcut for x (He et al. 2016).</summary>
[Entry("residual")]
public sealed record ResidualSpec : BlockSpec
{
    /// <summary>What the branch is multiplied by.</summary>
    public double Scale { get; init; } = 1.0;

    /// <summary>What stands for x where the branch changes the shape; where it doesn't, that is x itself.</summary>
    public ShortcutKind Shortcut { get; init; }

    /// <summary>How a projection's weights are drawn.</summary>
    public InitSpec ShortcutInit { get; init; } = new TorchInitSpec();
}
