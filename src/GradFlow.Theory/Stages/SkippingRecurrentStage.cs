namespace GradFlow.Theory;

/// <summary>
/// h_t = φ(W·x_t + b + U·h_{t−1} + b' + V·h_{t−s}): the mean squared gradient by h, k steps back, follows
/// G_k = χu·G_{k−1} + χv·G_{k−s} with χ = σ²·E[φ'(u)²] of each weight. Products of independent U and V in another order
/// are other matrices, so that the ways back add up in squares. Over T steps it decays like T/s steps of V do, once U
/// has died out.
/// </summary>
/// <param name="Weights">Its weights and biases.</param>
/// <param name="Nonlinearity">φ.</param>
/// <param name="SigmaV2">σv²: units times the variance of an entry of V; gain² of an orthogonal V.</param>
/// <param name="Skip">s, at least 2.</param>
/// <remarks>
/// A state is h of s steps together, each as far as later steps see it. As for a plain layer, pre-activations settle at
/// q = (σu² + σv²)·E[φ(u)²] + v.
/// </remarks>
public sealed record SkippingRecurrentStage(
    RecurrentEnsemble Weights, Nonlinearity Nonlinearity, double SigmaV2, int Skip)
    : RecurrentStage(Weights)
{
    /// <summary>φ.</summary>
    public Nonlinearity Nonlinearity { get; } = Nonlinearity ?? throw new ArgumentNullException(nameof(Nonlinearity));

    /// <summary>σv²: units times the variance of an entry of V; gain² of an orthogonal V.</summary>
    public double SigmaV2 { get; } = SigmaV2 >= 0 && double.IsFinite(SigmaV2)
        ? SigmaV2
        : throw new ArgumentOutOfRangeException(
            nameof(SigmaV2), SigmaV2, "A variance has to be a finite number of at least 0.");

    /// <summary>s, at least 2.</summary>
    public int Skip { get; } = Skip >= 2
        ? Skip
        : throw new ArgumentOutOfRangeException(nameof(Skip), Skip, "Connections skip at least 2 time steps.");

    private protected override double Decades(double drive, int steps)
    {
        var q = Settled(drive);
        if (double.IsInfinity(q) && !Nonlinearity.IsPositivelyHomogeneous)
        {
            return double.NaN;
        }

        var slope = Nonlinearity.SlopeSecondMoment(q);
        return 0.5 * Log10Square(Weights.SigmaU2 * slope, SigmaV2 * slope, steps);
    }

    /// <summary>Of the states of s steps together, as many steps back.</summary>
    private double Log10Square(double own, double skipped, int steps)
    {
        // G of the last s steps, scaled to stay in range, and the log of what was taken off.
        var squares = new double[Skip];
        squares[^1] = 1;
        var log = 0.0;
        for (var k = 1; k <= steps; k++)
        {
            var next = own * squares[^1] + skipped * squares[0];
            Array.Copy(squares, 1, squares, 0, Skip - 1);
            squares[^1] = next;
            var largest = squares.Max();
            if (largest == 0)
            {
                return double.NegativeInfinity;
            }

            squares = Array.ConvertAll(squares, square => square / largest);
            log += Math.Log10(largest);
        }

        // Earlier states have what V hands them from the steps behind.
        return log + Math.Log10(squares[^1] + skipped * squares[..^1].Sum());
    }

    private protected override (double SecondMoment, double Mean) State(double drive)
    {
        var q = Settled(drive);
        return double.IsFinite(q)
            ? (Nonlinearity.SecondMoment(q), Nonlinearity.Mean(q))
            : (double.NaN, double.NaN);
    }

    private double Settled(double drive) => new MeanField(
        Nonlinearity, Weights.SigmaU2 + SigmaV2, drive + Weights.BiasMean * Weights.BiasMean).FixedPoint();
}
