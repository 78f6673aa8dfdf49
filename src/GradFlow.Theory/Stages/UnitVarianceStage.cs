namespace GradFlow.Theory;

/// <summary>
/// A layer of weights that were scaled, on a first batch, so that its outputs have variance 1 (Mishkin &amp; Matas
/// 2016).
/// </summary>
/// <remarks>
/// Whatever comes in with second moment q, the weights have fan-in·Var(w)·q + Var(b) = 1, so that the squared gradient
/// norm changes by fan-in·Var(w) = (1 − Var(b))/q.
/// </remarks>
/// <param name="BiasVariance">Variance of one bias, below 1.</param>
public sealed record UnitVarianceStage(double BiasVariance = 0) : Stage
{
    /// <summary>Variance of one bias, below 1.</summary>
    public double BiasVariance { get; } = BiasVariance < 1
        ? Variance(BiasVariance, nameof(BiasVariance))
        : throw new ArgumentOutOfRangeException(
            nameof(BiasVariance), BiasVariance, "The biases alone vary by more than 1.");

    internal override SignalState Forward(SignalState input) =>
        new(1, SquaredFactor(input) * input.Covariance + BiasVariance);

    internal override (double SquaredGain, GradientState Gradient) Backward(
        SignalState input, GradientState gradient) =>
        (SquaredFactor(input), GradientState.Free(gradient.Correlation));

    private double SquaredFactor(SignalState input) => (1 - BiasVariance) / input.SecondMoment;
}
