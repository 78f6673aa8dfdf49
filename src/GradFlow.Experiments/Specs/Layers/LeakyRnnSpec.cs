namespace GradFlow.Experiments;

/// <summary>
/// Leaky units (El Hihi and Bengio 1996; Jaeger et al. 2007): h = (1 − 1/τ)·h of the step before + 1/τ·φ(W·x + b + U·h
/// of the step before + b'), τ being a unit's time constant.
/// </summary>
[Entry("leaky-rnn")]
public sealed record LeakyRnnSpec : RecurrentSpec, IConstrained
{
    /// <summary>φ.</summary>
    [Written]
    public RecurrentActivation Activation { get; init; }

    /// <summary>τ in time steps; of the first unit, where <c>longest</c> gives that of the last.</summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public double TimeConstant { get; init; } = 10;

    /// <summary>τ of the last unit, those between spaced evenly in their logs; left out, all have the same.</summary>
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public double? Longest { get; init; }

    /// <summary>Whether each unit's τ is trained.</summary>
    public bool Trained { get; init; }

    SpecProblem? IConstrained.FindProblem()
    {
        if (Activation == RecurrentActivation.ModRelu)
            return new SpecProblem("activation", "leaky units have no 'mod-relu'; expected tanh, relu or identity");
        if (Longest < TimeConstant)
            return new SpecProblem(
                "longest", $"'longest' is {Longest}, but 'time-constant' is {TimeConstant}; expected more");
        return Trained && TimeConstant == 1
            ? new SpecProblem("time-constant", "a trained time constant stays above 1; expected it to begin there")
            : null;
    }

    /// <summary>τ of each unit at the start.</summary>
    internal double[] TimeConstants() =>
        [.. Enumerable.Range(0, Out).Select(i => TimeConstant
            * Math.Pow((Longest ?? TimeConstant) / TimeConstant, Out > 1 ? (double)i / (Out - 1) : 0))];
}
