namespace GradFlow.Experiments;

/// <summary>The randomised leaky ReLU: below 0 a slope drawn anew for each number in training, the mean slope in
/// evaluation (Xu et al. 2015).</summary>
[Entry("rrelu")]
public sealed record RreluSpec : ActivationSpec, IConstrained
{
    /// <summary>The smallest slope.</summary>
    [Limits(AtLeast = 0, AtMost = 1)]
    public double Lower { get; init; } = 0.125;

    /// <summary>The largest slope.</summary>
    [Limits(AtLeast = 0, AtMost = 1)]
    public double Upper { get; init; } = 1.0 / 3;

    SpecProblem? IConstrained.FindProblem() => Lower <= Upper
        ? null
        : new SpecProblem(
            "upper", "'upper' in 'rrelu' is below 'lower'; expected slopes from the smallest to the largest");
}
