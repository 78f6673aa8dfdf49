namespace GradFlow.Experiments;

/// <summary>Ones on the diagonal, times the gain; zeros elsewhere (Le et al. 2015).</summary>
[Entry("identity")]
public sealed record IdentityInitSpec : InitSpec
{
    /// <summary>An extra factor on the values.</summary>
    [Limits(Above = 0, AtMost = 1e6)]
    public double Gain { get; init; } = 1.0;
}
