namespace GradFlow.Experiments;

/// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997), with a forget gate.</summary>
[Entry("lstm")]
public sealed record LstmSpec : SkippingRecurrentSpec, IConstrained
{
    /// <summary>
    /// The forget gates' bias b at the start: a state fades by σ(b) per step while all else is small. Drawn like the
    /// others where it is left out.
    /// </summary>
    [Limits(AtLeast = -100, AtMost = 100)]
    public double? ForgetBias { get; init; }

    /// <summary>
    /// The longest of the time scales that the forget gates begin with, in time steps: their bias is ln u with u
    /// uniform from 1 to one less, and that of the input gates its negative (Tallec &amp; Ollivier 2018).
    /// </summary>
    [Limits(AtLeast = 2, AtMost = 1e6)]
    public double? Chrono { get; init; }

    /// <summary>Whether the gates see the cell through weights of their own (Gers et al. 2002).</summary>
    public bool Peepholes { get; init; }

    SpecProblem? IConstrained.FindProblem() =>
        FindGateProblem(Chrono, "forget-bias", ForgetBias) ?? FindSkipProblem();
}
