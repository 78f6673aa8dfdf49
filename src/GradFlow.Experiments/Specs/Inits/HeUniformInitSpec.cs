namespace GradFlow.Experiments;

/// <summary>Uniform on ±gain·√(6/fan-in) (He et al. 2015).</summary>
[Entry("he-uniform")]
public sealed record HeUniformInitSpec : InitSpec
{
    /// <summary>An extra factor on the values.</summary>
    [Limits(Above = 0, AtMost = 1e6)]
    public double Gain { get; init; } = 1.0;
}
