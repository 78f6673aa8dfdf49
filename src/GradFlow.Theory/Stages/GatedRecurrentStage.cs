namespace GradFlow.Theory;

/// <summary>
/// A recurrent layer whose state passes a gate σ(a): going back a step, the squared gradient keeps E[σ(a)²], and the
/// ways through the recurrent weights add a detour to it (Tallec &amp; Ollivier 2018; Jing et al. 2019; Can,
/// Krishnamurthy &amp; Schwab 2020). All pre-activations are taken as N(bias, q), independent of each other.
/// </summary>
/// <param name="Weights">Weights and biases, of every gate the same variances.</param>
/// <param name="CarryBias">The bias of the gate that carries the state; null where it is drawn like the others.</param>
/// <remarks>
/// As the weights are the same at every step, k steps pass Jᵏ of one matrix J = √kept·1 + G, G random with entries of
/// variance detour/n. Its words Gʲ have the squared norm detourʲ each, and C(k,j) of them are the same: their norms add
/// up, to √kept + √detour per step in the end, not √(kept + detour). Neglected are that G varies with the gates from
/// step to step, that biases stay (some units remember longer than the mean), and the first step back from an LSTM's
/// output.
/// </remarks>
public abstract record GatedRecurrentStage(RecurrentEnsemble Weights, double? CarryBias = null)
    : RecurrentStage(Weights)
{
    // Each round shrinks what is left of the error, as states are at most 1 and follow q only slowly.
    private const int Rounds = 50;

    /// <summary>The squared norm that comes back through the recurrent weights, all ways taken together.</summary>
    private protected abstract double SquaredDetour(double q);

    private protected abstract double StateSecondMoment(double q);

    private protected sealed override double Decades(double drive, int steps)
    {
        var q = Settled(drive);
        return WordDecades(Carry(q, Open), SquaredDetour(q), steps);
    }

    /// <summary>Decades over as many steps back through J = √kept·1 + G, the words of both counted.</summary>
    internal static double WordDecades(double kept, double detour, int steps)
    {
        // The squared norm after k steps is u_k = Σ_j C(k,j)²·kept^(k−j)·detour^j: (kept − detour)^k times a Legendre
        // polynomial, whose recurrence gives the ratios r_k = u_k/u_(k−1).
        var (sum, ratio) = (0.0, kept + detour);
        for (var k = 1; k <= steps; k++)
        {
            ratio = k == 1 ? ratio : ((2 * k - 1) * (kept + detour) - (k - 1) * Square(kept - detour) / ratio) / k;
            sum += 0.5 * Math.Log10(ratio);
        }

        return sum;
    }

    private protected sealed override (double SecondMoment, double Mean) State(double drive) =>
        (StateSecondMoment(Settled(drive)), 0);

    /// <summary>q = v + σu²·E[h²].</summary>
    private protected double Settled(double drive)
    {
        var q = drive;
        for (var round = 0; round < Rounds; round++)
        {
            q = drive + Weights.SigmaU2 * StateSecondMoment(q);
        }

        return q;
    }

    private protected double Carry(double q, Func<double, double> f) => CarryBias is { } bias
        ? GaussianQuadrature.Expect(f, bias, Math.Sqrt(q - Weights.BiasVariance))
        : Gate(q, f);

    private protected double Gate(double q, Func<double, double> f) =>
        GaussianQuadrature.Expect(f, Weights.BiasMean, Math.Sqrt(q));

    private protected static double Open(double a) => Square(Nonlinearities.Sigmoid.Value(a));

    private protected static double Closed(double a) => Square(Nonlinearities.Sigmoid.Value(-a));

    private protected static double GateSlope(double a) => Square(Nonlinearities.Sigmoid.Slope(a));

    private protected static double Candidate(double a) => Square(Math.Tanh(a));

    private protected static double CandidateSlope(double a) => Square(Nonlinearities.Tanh.Slope(a));
}

/// <summary>
/// Long short-term memory: c = f·c' + i·g, h = o·tanh c. without recurrent weights χ is E[f²].
/// </summary>
/// <param name="Weights">Weights and biases, of every gate the same variances.</param>
/// <param name="ForgetBias">The bias of the forget gate; null where it is drawn like the others.</param>
public sealed record LstmStage(RecurrentEnsemble Weights, double? ForgetBias = null)
    : GatedRecurrentStage(Weights, ForgetBias)
{
    private protected override double SquaredDetour(double q)
    {
        var cell = Cell(q);
        var intoCell = Gate(q, Open) * Gate(q, CandidateSlope) + Gate(q, GateSlope) * Gate(q, Candidate)
            + cell * Carry(q, GateSlope);
        var intoOutput = Gate(q, GateSlope) * Nonlinearities.Tanh.SecondMoment(cell);
        var output = Gate(q, Open) * Nonlinearities.Tanh.SlopeSecondMoment(cell);
        return Weights.SigmaU2 * (output * intoCell + intoOutput);
    }

    private protected override double StateSecondMoment(double q) =>
        Gate(q, Open) * Nonlinearities.Tanh.SecondMoment(Cell(q));

    /// <summary>E[c²], from as much entering as is lost.</summary>
    private double Cell(double q) => Gate(q, Open) * Gate(q, Candidate) / Math.Max(1e-9, 1 - Carry(q, Open));
}

/// <summary>
/// The gated recurrent unit: h = (1−z)·n + z·h', n = tanh(W·x + b + r·(U·h' + b')). Without recurrent weights χ is
/// E[z²].
/// </summary>
/// <param name="Weights">Weights and biases, of every gate the same variances.</param>
/// <param name="UpdateBias">The bias of the update gate; null where it is drawn like the others.</param>
public sealed record GruStage(RecurrentEnsemble Weights, double? UpdateBias = null)
    : GatedRecurrentStage(Weights, UpdateBias)
{
    private protected override double SquaredDetour(double q)
    {
        var state = StateSecondMoment(q);
        var intoCandidate = Gate(q, Open) + Gate(q, GateSlope) * Weights.SigmaU2 * state;
        return Weights.SigmaU2 * (
            Carry(q, GateSlope) * (state + Gate(q, Candidate))
            + Carry(q, Closed) * Gate(q, CandidateSlope) * intoCandidate);
    }

    private protected override double StateSecondMoment(double q) =>
        Carry(q, Closed) * Gate(q, Candidate) / Math.Max(1e-9, 1 - Carry(q, Open));
}
