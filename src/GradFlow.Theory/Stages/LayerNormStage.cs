namespace GradFlow.Theory;

/// <summary>
/// Layer normalisation with unit scale and zero shift: each sample is standardised over its units (Ba et al. 2016).
/// </summary>
/// <param name="Width">Units. With fewer than 4 the mean squared gain is infinite: not covered.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <remarks>
/// Backward, g → (I − 11ᵀ/n − x̂x̂ᵀ/n)·g/s with E[1/s²] = n/((n−3)·v), v = q − mean², for Gaussian units.
/// </remarks>
public sealed record LayerNormStage(int Width, double Epsilon = 1e-5) : Stage
{
    /// <summary>Units.</summary>
    public int Width { get; } = Positive(Width, nameof(Width));

    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; } = Variance(Epsilon, nameof(Epsilon));

    internal override SignalState Forward(SignalState input)
    {
        if (Width < 2)
        {
            return SignalState.Unknown;
        }

        if (!input.HasScale)
        {
            return new SignalState(1, double.NaN) { IsGaussian = false };
        }

        var spread = Spread(input);
        var variance = spread * (Width - 1) / Width;
        var q = variance / (variance + Epsilon);
        var correlation = spread == 0 ? 1 : (input.Covariance - Square(input.Mean)) / spread;
        return new SignalState(q, q * Math.Clamp(correlation, -1, 1)) { IsGaussian = input.IsGaussian };
    }

    internal override (double SquaredGain, GradientState Gradient) Backward(SignalState input, GradientState gradient)
    {
        var after = GradientState.Free(gradient.Correlation);
        if (!input.HasScale || Width < 4)
        {
            return (double.NaN, after);
        }

        var q = Forward(input).SecondMoment;
        var removed = (1 + SignalShare(gradient.Gate, q) * (1 - Square(1 - q))) / Width;
        var meanInverse = 1 / (Spread(input) * (Width - 3) / Width + Epsilon);
        return ((1 - removed) * meanInverse, after);
    }

    private static double Spread(SignalState input) => Math.Max(0, input.SecondMoment - Square(input.Mean));
}
