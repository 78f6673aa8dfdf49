namespace GradFlow.Experiments;

/// <summary>RMS normalisation (Zhang &amp; Sennrich 2019): layer normalisation without centring, with a gain.</summary>
[Entry("rms-norm")]
public sealed record RmsNormSpec : LayerSpec
{
    /// <summary>Added to the mean square.</summary>
    [Limits(Above = 0)]
    public double Eps { get; init; } = 1e-5;
}
