namespace GradFlow.Experiments;

/// <summary>Each unit's gradient is at most as long as a share of its weights (AGC; Brock et al. 2021).</summary>
[Entry("adaptive")]
public sealed record AdaptiveClipSpec : ClipSpec
{
    /// <summary>The share.</summary>
    [Shorthand]
    [Written]
    [Limits(Above = 0)]
    public double Factor { get; init; } = 0.01;

    /// <summary>What counts as the length of weights that are shorter.</summary>
    [Limits(Above = 0)]
    public double Eps { get; init; } = 1e-3;

    /// <summary>
    /// Parameters that are left alone, written as those of groups; the authors leave out the last layer.
    /// </summary>
    public ValueList<string> Except { get; init; } = [];
}
