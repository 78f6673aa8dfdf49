namespace GradFlow.Theory;

/// <summary>An elementwise activation, on signals that are Gaussian with mean 0 over units.</summary>
/// <param name="Nonlinearity">φ.</param>
public sealed record NonlinearityStage(Nonlinearity Nonlinearity) : Stage
{
    /// <summary>φ.</summary>
    public Nonlinearity Nonlinearity { get; } =
        Nonlinearity ?? throw new ArgumentNullException(nameof(Nonlinearity));

    internal override SignalState Forward(SignalState input)
    {
        if (!input.HasScale)
        {
            return SignalState.Unknown;
        }

        var (q, c) = (input.SecondMoment, input.Covariance);
        var covariance = input.HasSpread ? Nonlinearity.Correlation(q, q, c) : double.NaN;
        return new SignalState(Nonlinearity.SecondMoment(q), covariance, Nonlinearity.Mean(q)) { IsGaussian = false };
    }

    internal override (double SquaredGain, GradientState Gradient) Backward(SignalState input, GradientState gradient)
    {
        if (!input.HasScale)
        {
            // The slopes of a homogeneous φ depend on signs only, not on a scale that we would need to know; but where
            // the mean is unknown, as behind a sum with rectified signals, so are the signs.
            var known = Nonlinearity.IsPositivelyHomogeneous && double.IsFinite(input.Mean);
            return (known ? Nonlinearity.SlopeSecondMoment(1) : double.NaN, GradientState.Free(double.NaN));
        }

        var (q, c) = (input.SecondMoment, input.Covariance);
        var squaredGain = Nonlinearity.SlopeSecondMoment(q);
        var shared = input.HasSpread ? Nonlinearity.SlopeCorrelation(q, q, c) / squaredGain : double.NaN;
        return (squaredGain, new GradientState(gradient.Correlation * shared, Nonlinearity, gradient.Correlation));
    }
}
