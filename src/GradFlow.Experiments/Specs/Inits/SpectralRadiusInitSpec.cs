namespace GradFlow.Experiments;

/// <summary>
/// A random square matrix whose largest eigenvalue has a given magnitude (Jaeger 2001); for the weights of a state.
/// </summary>
[Entry("spectral-radius")]
public sealed record SpectralRadiusInitSpec : InitSpec
{
    /// <summary>The largest magnitude among the eigenvalues.</summary>
    [Shorthand]
    [Limits(AtLeast = 0, AtMost = 1e6)]
    public required double Radius { get; init; }

    /// <summary>The share of weights that aren't 0, the same in each row.</summary>
    [Limits(Above = 0, AtMost = 1)]
    public double Density { get; init; } = 1;
}
