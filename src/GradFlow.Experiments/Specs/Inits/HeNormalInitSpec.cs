namespace GradFlow.Experiments;

/// <summary>Normal of variance gain²·2/fan-in (He et al. 2015, eq. 10).</summary>
[Entry("he-normal")]
public sealed record HeNormalInitSpec : InitSpec
{
    /// <summary>An extra factor on the values.</summary>
    [Limits(Above = 0, AtMost = 1e6)]
    public double Gain { get; init; } = 1.0;
}
