namespace GradFlow.Experiments;

/// <summary>Layer normalisation (Ba, Kiros &amp; Hinton 2016), with gain and shift.</summary>
[Entry("layer-norm")]
public sealed record LayerNormSpec : LayerSpec
{
    /// <summary>Added to the variance.</summary>
    [Limits(Above = 0)]
    public double Eps { get; init; } = 1e-5;
}
