namespace GradFlow.Theory;

/// <summary>
/// Gates that begin with time scales of their own, bias ln u with u uniform on [1, T − 1] (Tallec &amp; Ollivier 2018):
/// a gate then keeps σ(ln u) = u/(1 + u) = 1 − 1/(1 + u) per step, and over k steps the squared gradient keeps the mean
/// over u of E[σ(ln u + a)²]ᵏ, a being what its input and state add. What is taken in is as little, so that the ways
/// through the recurrent weights are neglected.
/// </summary>
/// <param name="Weights">Weights and biases, of every gate the same variances.</param>
/// <param name="Longest">T, the longest memory that is drawn, at least 2 time steps.</param>
public sealed record ChronoStage(RecurrentEnsemble Weights, double Longest) : RecurrentStage(Weights)
{
    private const int Units = 400;

    /// <summary>T, the longest memory that is drawn, at least 2 time steps.</summary>
    public double Longest { get; } = Longest >= 2
        ? Longest
        : throw new ArgumentOutOfRangeException(nameof(Longest), Longest, "A memory is at least 2 time steps.");

    /// <summary>
    /// The share of the state that a gate with a bias of ln(T − 1) keeps over so many steps: (1 − 1/T)ᵏ.
    /// </summary>
    /// <param name="longest">T, at least 2.</param>
    /// <param name="steps">k.</param>
    public static double Kept(double longest, int steps) =>
        Math.Pow(Nonlinearities.Sigmoid.Value(Math.Log(longest - 1)), steps);

    private protected override double Decades(double drive, int steps)
    {
        // State and input move the gates by less than a candidate that they alone make would.
        var spread = Math.Sqrt(drive - Weights.BiasVariance);
        double sum = 0;
        for (var i = 0; i < Units; i++)
        {
            var u = 1 + (Longest - 2) * (i + 0.5) / Units;
            var kept = GaussianQuadrature.Expect(
                a => Square(Nonlinearities.Sigmoid.Value(a)), Math.Log(u), spread);
            sum += Math.Pow(kept, steps);
        }

        return 0.5 * Math.Log10(sum / Units);
    }

    private protected override (double SecondMoment, double Mean) State(double drive) => (double.NaN, double.NaN);
}
