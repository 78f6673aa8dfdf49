namespace GradFlow.Experiments;

/// <summary>AdaGrad: steps shrink with the sum of squared gradients (Duchi, Hazan &amp; Singer 2011).</summary>
[Entry("adagrad")]
public sealed record AdaGradSpec : OptimizerSpec
{
    /// <summary>With PyTorch's default of the rate.</summary>
    public AdaGradSpec() => LearningRate = 1e-2;

    /// <summary>Added to the root of the sum.</summary>
    [Limits(Above = 0)]
    public double Eps { get; init; } = 1e-10;

    /// <summary>What the sum is before the first update.</summary>
    [Limits(AtLeast = 0)]
    public double Start { get; init; }

    /// <summary>
    /// How fast the rate falls beside the schedule: at update t, from 1, it is over 1 + (t − 1) times this.
    /// </summary>
    [Key("lr-decay")]
    [Limits(AtLeast = 0)]
    public double RateDecay { get; init; }
}
