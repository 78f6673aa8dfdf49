namespace GradFlow.Experiments;

/// <summary>Batch normalisation (Ioffe &amp; Szegedy 2015), with gain and shift.</summary>
[Entry("batch-norm")]
public sealed record BatchNormSpec : LayerSpec
{
    /// <summary>The weight of the newest batch in the running mean and variance.</summary>
    [Limits(Above = 0, AtMost = 1)]
    public double Momentum { get; init; } = 0.1;

    /// <summary>Added to the variance.</summary>
    [Limits(Above = 0)]
    public double Eps { get; init; } = 1e-5;
}
