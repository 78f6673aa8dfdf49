namespace GradFlow.Theory;

/// <summary>
/// RMS normalisation with unit scale: each sample divided by its root mean square (Zhang &amp; Sennrich 2019).
/// </summary>
/// <param name="Width">Units. With fewer than 3 the mean squared gain is infinite: not covered.</param>
/// <param name="Epsilon">Added to the mean square.</param>
/// <remarks>Backward, g → (I − x̂x̂ᵀ/n)·g/r with E[1/r²] = n/((n−2)·q) for Gaussian units of mean 0.</remarks>
public sealed record RmsNormStage(int Width, double Epsilon = 1e-5) : Stage
{
    /// <summary>Units.</summary>
    public int Width { get; } = Positive(Width, nameof(Width));

    /// <summary>Added to the mean square.</summary>
    public double Epsilon { get; } = Variance(Epsilon, nameof(Epsilon));

    internal override SignalState Forward(SignalState input)
    {
        if (!input.HasScale)
        {
            return new SignalState(1, double.NaN, double.NaN) { IsGaussian = false };
        }

        var square = 1 / (input.SecondMoment + Epsilon);
        return new SignalState(
            input.SecondMoment * square, input.Covariance * square, input.Mean * Math.Sqrt(square))
        {
            IsGaussian = input.IsGaussian,
        };
    }

    internal override (double SquaredGain, GradientState Gradient) Backward(SignalState input, GradientState gradient)
    {
        var after = GradientState.Free(gradient.Correlation);
        if (!input.HasScale || Width < 3)
        {
            return (double.NaN, after);
        }

        var q = Forward(input).SecondMoment;
        var removed = SignalShare(gradient.Gate, q) * (1 - Square(1 - q)) / Width;
        var meanInverse = 1 / (input.SecondMoment * (Width - 2) / Width + Epsilon);
        return ((1 - removed) * meanInverse, after);
    }
}
