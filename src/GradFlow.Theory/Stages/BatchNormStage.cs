namespace GradFlow.Theory;

/// <summary>
/// Batch normalisation in training mode with unit scale and zero shift: each unit is standardised over the batch
/// (Ioffe &amp; Szegedy 2015). What counts is how much a unit varies between samples, q − c, not q: in deep nets
/// samples become alike, and the division by their small spread makes gradients explode (Yang et al. 2019).
/// </summary>
/// <param name="BatchSize">Samples per batch. With fewer than 4 the mean squared gain is infinite: not covered.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <remarks>
/// Directly behind an activation the gain isn't covered: a rectifier's units that are silent for a whole batch have no
/// spread at all, and the mean of 1/s² is theirs.
/// Backward, g → (I − 11ᵀ/B − x̂x̂ᵀ/B)·g/s with E[1/s²] = B/((B−3)(q−c)) for a Gaussian batch. The shares of g along
/// 1 and x̂ follow from the activation above, whose slopes tie g to x̂. Exact for wide linear and ReLU nets
/// (Yang et al. 2019, theorem 8); for others up to terms of order 1/B.
/// </remarks>
public sealed record BatchNormStage(int BatchSize, double Epsilon = 1e-5) : Stage
{
    /// <summary>Samples per batch.</summary>
    public int BatchSize { get; } = Positive(BatchSize, nameof(BatchSize));

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; } = Variance(Epsilon, nameof(Epsilon));

    internal override SignalState Forward(SignalState input)
    {
        if (BatchSize < 2)
        {
            return SignalState.Unknown;
        }

        // Whatever comes in, what goes out is standardised; only a spread near ε would show.
        var variance = Spread(input) * (BatchSize - 1) / BatchSize;
        var q = input.HasSpread ? variance / (variance + Epsilon) : 1;
        return new SignalState(q, -q / (BatchSize - 1)) { IsGaussian = input.IsGaussian };
    }

    internal override (double SquaredGain, GradientState Gradient) Backward(SignalState input, GradientState gradient)
    {
        var after = GradientState.Free(-1.0 / (BatchSize - 1));
        if (!input.HasSpread || !input.IsGaussian || BatchSize < 4)
        {
            return (double.NaN, after);
        }

        var output = Forward(input);
        var (alongOnes, alongSignal) = Shares(output, gradient);

        // With ε the signal's direction is damped, not removed.
        var removed = alongOnes + alongSignal * (1 - Square(1 - output.SecondMoment));
        var meanInverse = 1 / (Spread(input) * (BatchSize - 3) / BatchSize + Epsilon);
        return (Math.Max(0, 1 - removed) * meanInverse, after);
    }

    private static double Spread(SignalState input) => Math.Max(0, input.SecondMoment - input.Covariance);

    // E(Σg)²/B and E(Σg·x̂)²/B, relative to E‖g‖², for g = φ'(x̂)·u with u correlated by γ between samples.
    private (double AlongOnes, double AlongSignal) Shares(SignalState output, GradientState gradient)
    {
        var gamma = gradient.CorrelationBeforeGate;
        var gate = gradient.Gate ?? Nonlinearities.Identity;
        var (q, c) = (output.SecondMoment, output.Covariance);
        var slopes = gate.SlopeSecondMoment(q);
        var ones = slopes + gamma * (BatchSize - 1) * gate.SlopeCorrelation(q, q, c);

        var gated = Gated(gate);
        var signal = gated.SecondMoment(q) + gamma * (BatchSize - 1) * gated.Correlation(q, q, c);
        return (ones / (BatchSize * slopes), signal / (q * BatchSize * slopes));
    }

    // x·φ'(x), which for a homogeneous φ is φ itself.
    private static Nonlinearity Gated(Nonlinearity gate) => gate.IsPositivelyHomogeneous
        ? gate
        : new Nonlinearity(gate.Name, x => x * gate.Slope(x), _ => double.NaN, double.NaN);
}
