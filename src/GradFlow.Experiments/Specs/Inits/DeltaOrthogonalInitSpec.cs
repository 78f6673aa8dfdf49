namespace GradFlow.Experiments;

/// <summary>
/// An orthogonal matrix at the centre of a convolution's kernel, times the gain; zeros elsewhere (Xiao et al. 2018).
/// </summary>
[Entry("delta-orthogonal")]
public sealed record DeltaOrthogonalInitSpec : InitSpec
{
    /// <summary>An extra factor on the values.</summary>
    [Limits(Above = 0, AtMost = 1e6)]
    public double Gain { get; init; } = 1.0;
}
