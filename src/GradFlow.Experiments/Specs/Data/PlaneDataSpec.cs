namespace GradFlow.Experiments;

/// <summary>Points in the plane, drawn at random; needs no file.</summary>
public abstract record PlaneDataSpec : DataSpec
{
    /// <summary>Points in all.</summary>
    [Written]
    [Limits(AtLeast = 20, AtMost = 1e6)]
    public int Samples { get; init; } = 2000;

    /// <summary>The share of the points that is kept for testing.</summary>
    [Limits(Above = 0, Below = 1)]
    public double Test { get; init; } = 0.2;
}
