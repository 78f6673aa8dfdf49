namespace GradFlow.Experiments;

/// <summary>The gated recurrent unit (Cho et al. 2014).</summary>
[Entry("gru")]
public sealed record GruSpec : RecurrentSpec, IConstrained
{
    /// <summary>
    /// The update gates' bias b at the start: a state fades by σ(b) per step while all else is small. Drawn like the
    /// others where it is left out.
    /// </summary>
    [Limits(AtLeast = -100, AtMost = 100)]
    public double? UpdateBias { get; init; }

    SpecProblem? IConstrained.FindProblem() => UpdateBias is not null && Bias is null
        ? new SpecProblem("update-bias", "'update-bias' sets a bias, but 'bias' is none; leave one of them out")
        : null;
}
