namespace GradFlow.Experiments;

/// <summary>The exponential linear unit: x above 0, α(eˣ − 1) below (Clevert et al. 2016).</summary>
[Entry("elu")]
public sealed record EluSpec : ActivationSpec
{
    /// <summary>α, minus the value far below 0.</summary>
    [Shorthand]
    [Limits(Above = 0)]
    public double Alpha { get; init; } = 1.0;
}
