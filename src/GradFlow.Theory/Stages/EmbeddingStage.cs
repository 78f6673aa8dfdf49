namespace GradFlow.Theory;

/// <summary>Random vectors looked up by number: whatever comes in, their own variance comes out.</summary>
/// <param name="WeightVariance">Variance of one entry of a vector.</param>
public sealed record EmbeddingStage(double WeightVariance) : Stage
{
    /// <summary>Variance of one entry of a vector.</summary>
    public double WeightVariance { get; } = Variance(WeightVariance, nameof(WeightVariance));

    internal override SignalState Forward(SignalState input) => new(WeightVariance, double.NaN);

    internal override (double SquaredGain, GradientState Gradient) Backward(
        SignalState input, GradientState gradient) => (0, GradientState.Free(double.NaN));
}
