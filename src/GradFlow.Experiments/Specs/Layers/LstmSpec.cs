namespace GradFlow.Experiments;

/// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997), with a forget gate.</summary>
[Entry("lstm")]
public sealed record LstmSpec : RecurrentSpec, IConstrained
{
    /// <summary>
    /// The forget gates' bias b at the start: a state fades by σ(b) per step while all else is small. Drawn like the
    /// others where it is left out.
    /// </summary>
    [Limits(AtLeast = -100, AtMost = 100)]
    public double? ForgetBias { get; init; }

    SpecProblem? IConstrained.FindProblem() => FindGateWithoutBias("forget-bias", ForgetBias);
}
