namespace GradFlow.Experiments;

/// <summary>The gated recurrent unit (Cho et al. 2014).</summary>
[Entry("gru")]
public sealed record GruSpec : SkippingRecurrentSpec, IConstrained
{
    /// <summary>
    /// The update gates' bias b at the start: a state fades by σ(b) per step while all else is small. Drawn like the
    /// others where it is left out.
    /// </summary>
    [Limits(AtLeast = -100, AtMost = 100)]
    public double? UpdateBias { get; init; }

    /// <summary>
    /// The longest of the time scales that the update gates begin with, in time steps: their bias is ln u with u
    /// uniform from 1 to one less (Tallec &amp; Ollivier 2018).
    /// </summary>
    [Limits(AtLeast = 2, AtMost = 1e6)]
    public double? Chrono { get; init; }

    SpecProblem? IConstrained.FindProblem() =>
        FindGateProblem(Chrono, "update-bias", UpdateBias) ?? FindSkipProblem();
}
