namespace GradFlow.Experiments;

/// <summary>Group normalisation (Wu &amp; He 2018), with gain and shift.</summary>
[Entry("group-norm")]
public sealed record GroupNormSpec : LayerSpec
{
    /// <summary>
    /// Into how many groups the features or channels fall; each is normalised for every sample by itself.
    /// </summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 1e5)]
    public required int Groups { get; init; }

    /// <summary>Added to the variance.</summary>
    [Limits(Above = 0)]
    public double Eps { get; init; } = 1e-5;
}
