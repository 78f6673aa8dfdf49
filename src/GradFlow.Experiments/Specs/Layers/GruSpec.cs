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

    SpecProblem? IConstrained.FindProblem() => FindGateWithoutBias("update-bias", UpdateBias);
}
