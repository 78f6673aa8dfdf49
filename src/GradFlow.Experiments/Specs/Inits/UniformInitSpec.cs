namespace GradFlow.Experiments;

/// <summary>Uniform on ±a.</summary>
[Entry("uniform")]
public sealed record UniformInitSpec : BiasInitSpec
{
    /// <summary>The largest magnitude.</summary>
    [Shorthand]
    [Limits(AtLeast = 0, AtMost = 1e6)]
    public required double A { get; init; }
}
