namespace GradFlow.Experiments;

/// <summary>Normal of mean 0.</summary>
[Entry("normal")]
public sealed record NormalInitSpec : BiasInitSpec
{
    /// <summary>The standard deviation.</summary>
    [Shorthand]
    [Limits(AtLeast = 0, AtMost = 1e6)]
    public required double Std { get; init; }
}
