namespace GradFlow.Experiments;

/// <summary>A smooth ReLU, ln(1 + e^(βx))/β (Dugas et al. 2001).</summary>
[Entry("softplus")]
public sealed record SoftplusSpec : ActivationSpec
{
    /// <summary>β: how sharply it bends at 0.</summary>
    [Shorthand]
    [Limits(Above = 0)]
    public double Beta { get; init; } = 1.0;
}
