namespace GradFlow.Experiments;

/// <summary>A random matrix with orthonormal rows or columns, times the gain (Saxe et al. 2014).</summary>
[Entry("orthogonal")]
public sealed record OrthogonalInitSpec : InitSpec
{
    /// <summary>An extra factor on the values.</summary>
    [Limits(Above = 0, AtMost = 1e6)]
    public double Gain { get; init; } = 1.0;
}
