namespace GradFlow.Theory;

/// <summary>Dropout in training mode: each value is dropped or scaled by 1/(1−p) (Srivastava et al. 2014).</summary>
/// <param name="DropProbability">p, at least 0 and below 1.</param>
/// <remarks>
/// The squares of signal and gradient grow by 1/(1−p), so a ReLU net behind dropout is critical at σw² = 2(1−p).
/// </remarks>
public sealed record DropoutStage(double DropProbability) : Stage
{
    /// <summary>p, at least 0 and below 1.</summary>
    public double DropProbability { get; } = DropProbability is >= 0 and < 1
        ? DropProbability
        : throw new ArgumentOutOfRangeException(
            nameof(DropProbability), DropProbability, "A drop probability is at least 0 and below 1.");

    internal override SignalState Forward(SignalState input) =>
        input with { SecondMoment = input.SecondMoment / (1 - DropProbability) };

    internal override (double SquaredGain, GradientState Gradient) Backward(SignalState input, GradientState gradient)
    {
        var keep = 1 - DropProbability;
        return (1 / keep, GradientState.Free(gradient.Correlation * keep));
    }
}
