namespace GradFlow.Theory;

/// <summary>A layer as the forecast sees it: how it changes a signal going forward and a gradient going back.</summary>
public abstract record Stage
{
    private protected Stage()
    {
    }

    internal abstract SignalState Forward(SignalState input);

    /// <summary>How a gradient's squared norm and its correlation between samples change, towards the input.</summary>
    internal abstract (double SquaredGain, GradientState Gradient) Backward(SignalState input, GradientState gradient);

    internal static double Square(double x) => x * x;

    /// <summary>
    /// E(g·x̂)² of a sample, relative to E‖g‖², for Gaussian units x̂ of variance q and the gradient g that the
    /// nonlinearity above lets through.
    /// </summary>
    private protected static double SignalShare(Nonlinearity? gate, double q)
    {
        gate ??= Nonlinearities.Identity;
        var gated = GaussianQuadrature.Expect(x => Square(x * gate.Slope(x)), 0, Math.Sqrt(q));
        return gated / (q * gate.SlopeSecondMoment(q));
    }

    private protected static int Positive(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, name);
        return value;
    }

    private protected static double Variance(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A variance has to be a finite number of at least 0.");
}

/// <summary>A backward signal ∂L/∂h[sample, unit]: exchangeable between samples, independent between units.</summary>
/// <param name="Correlation">Between the gradients of different samples at one unit.</param>
/// <param name="Gate">The nonlinearity just passed: its slopes tie the gradient to the signal below it.</param>
/// <param name="CorrelationBeforeGate">The correlation above that nonlinearity.</param>
internal sealed record GradientState(double Correlation, Nonlinearity? Gate, double CorrelationBeforeGate)
{
    public static GradientState Free(double correlation) => new(correlation, null, correlation);
}
