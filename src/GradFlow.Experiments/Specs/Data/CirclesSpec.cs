namespace GradFlow.Experiments;

/// <summary>Two classes on circles around each other.</summary>
[Entry("circles")]
public sealed record CirclesSpec : PlaneDataSpec
{
    /// <summary>Standard deviation of the noise, where the outer circle's radius is 1.</summary>
    [Written]
    [Limits(AtLeast = 0, AtMost = 10)]
    public double Noise { get; init; } = 0.1;

    /// <summary>The inner circle's radius.</summary>
    [Limits(Above = 0, Below = 1)]
    public double Factor { get; init; } = 0.5;
}
