namespace GradFlow.Experiments;

/// <summary>Uniform on ±gain·√(6/(fan-in + fan-out)) (Glorot &amp; Bengio 2010, eq. 16).</summary>
[Entry("xavier-uniform")]
public sealed record XavierUniformInitSpec : InitSpec
{
    /// <summary>An extra factor on the values.</summary>
    [Limits(Above = 0, AtMost = 1e6)]
    public double Gain { get; init; } = 1.0;
}
