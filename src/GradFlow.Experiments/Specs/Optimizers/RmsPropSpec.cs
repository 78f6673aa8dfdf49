namespace GradFlow.Experiments;

/// <summary>RMSProp: steps over the root of the mean squared gradient (Tieleman &amp; Hinton 2012).</summary>
[Entry("rmsprop")]
public sealed record RmsPropSpec : OptimizerSpec
{
    /// <summary>With PyTorch's default of the rate.</summary>
    public RmsPropSpec() => LearningRate = 1e-2;

    /// <summary>How slowly the mean square follows.</summary>
    [Limits(AtLeast = 0, Below = 1)]
    public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the root of the mean square.</summary>
    [Limits(Above = 0)]
    public double Eps { get; init; } = 1e-8;

    /// <summary>How much of the last update's direction is kept.</summary>
    [Limits(AtLeast = 0, Below = 1)]
    public double Momentum { get; init; }

    /// <summary>Whether the squared mean is taken off the mean square (Graves 2013).</summary>
    public bool Centered { get; init; }
}
