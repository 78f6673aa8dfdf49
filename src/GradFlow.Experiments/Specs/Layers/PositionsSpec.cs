namespace GradFlow.Experiments;

/// <summary>Adds to each time step what tells its place, without which attention can't tell their order.</summary>
[Entry("positions")]
public sealed record PositionsSpec : LayerSpec
{
    /// <summary>What is added.</summary>
    [Shorthand]
    [Written]
    public PositionsKind Kind { get; init; } = PositionsKind.Sinusoidal;
}

/// <summary>What tells a time step's place.</summary>
public enum PositionsKind
{
    /// <summary>Sines and cosines of different periods (Vaswani et al. 2017).</summary>
    Sinusoidal,

    /// <summary>A learned vector per time step (Gehring et al. 2017).</summary>
    Learned,
}
