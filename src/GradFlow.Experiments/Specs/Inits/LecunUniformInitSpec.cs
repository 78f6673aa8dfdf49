namespace GradFlow.Experiments;

/// <summary>Uniform on ±gain·√(3/fan-in) (LeCun et al. 1998).</summary>
[Entry("lecun-uniform")]
public sealed record LecunUniformInitSpec : InitSpec
{
    /// <summary>An extra factor on the values.</summary>
    [Limits(Above = 0, AtMost = 1e6)]
    public double Gain { get; init; } = 1.0;
}
