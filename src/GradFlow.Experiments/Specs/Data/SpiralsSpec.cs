namespace GradFlow.Experiments;

/// <summary>One arm per class, wound around each other within the unit circle.</summary>
[Entry("spirals")]
public sealed record SpiralsSpec : PlaneDataSpec
{
    /// <summary>The number of arms.</summary>
    [Written]
    [Limits(AtLeast = 2, AtMost = 20)]
    public int Classes { get; init; } = 2;

    /// <summary>Standard deviation of the noise.</summary>
    [Written]
    [Limits(AtLeast = 0, AtMost = 10)]
    public double Noise { get; init; } = 0.02;

    /// <summary>How often each arm winds around.</summary>
    [Limits(Above = 0, AtMost = 10)]
    public double Turns { get; init; } = 1.0;
}
