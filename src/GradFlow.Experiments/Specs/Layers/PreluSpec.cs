namespace GradFlow.Experiments;

/// <summary>The parametric ReLU: x above 0, a learned slope times x below (He et al. 2015).</summary>
[Entry("prelu")]
public sealed record PreluSpec : ActivationSpec
{
    /// <summary>What the slope begins with.</summary>
    [Shorthand]
    public double Slope { get; init; } = 0.25;

    /// <summary>Whether each feature has a slope of its own, rather than all of a layer one.</summary>
    public bool PerFeature { get; init; }
}
