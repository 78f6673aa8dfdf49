namespace GradFlow.Experiments;

/// <summary>Normal of variance gain²/fan-in (LeCun et al. 1998).</summary>
[Entry("lecun-normal")]
public sealed record LecunNormalInitSpec : InitSpec
{
    /// <summary>An extra factor on the values.</summary>
    [Limits(Above = 0, AtMost = 1e6)]
    public double Gain { get; init; } = 1.0;
}
