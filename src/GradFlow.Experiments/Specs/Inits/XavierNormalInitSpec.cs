namespace GradFlow.Experiments;

/// <summary>Normal of variance gain²·2/(fan-in + fan-out) (Glorot &amp; Bengio 2010, eq. 12).</summary>
[Entry("xavier-normal")]
public sealed record XavierNormalInitSpec : InitSpec
{
    /// <summary>An extra factor on the values.</summary>
    [Limits(Above = 0, AtMost = 1e6)]
    public double Gain { get; init; } = 1.0;
}
