namespace GradFlow.Theory;

/// <summary>
/// The largest of k pieces (Goodfellow et al. 2013), on signals that are Gaussian with mean 0 and independent between
/// the pieces, as random weights make them.
/// </summary>
/// <param name="Pieces">k, at least 1.</param>
/// <remarks>
/// Each cotangent goes on to one of the pieces, so the gradient keeps its norm exactly: with weights of variance
/// σw²/fan-in a net of any k is critical at σw² = 1. The signal's second moment grows by E[max²] of k standard normals,
/// which is 1 for k = 2.
/// </remarks>
public sealed record MaxoutStage(int Pieces) : Stage
{
    /// <summary>k.</summary>
    public int Pieces { get; } = Positive(Pieces, nameof(Pieces));

    internal override SignalState Forward(SignalState input)
    {
        if (!input.HasScale) return SignalState.Unknown;
        var deviation = Math.Sqrt(input.SecondMoment);
        return new SignalState(
            input.SecondMoment * Moment(2), double.NaN, deviation * Moment(1))
        { IsGaussian = false };
    }

    internal override (double SquaredGain, GradientState Gradient) Backward(
        SignalState input, GradientState gradient) => (1, GradientState.Free(double.NaN));

    /// <summary>E[maxᵖ] of k standard normals, whose largest has the density k·φ(z)·Φ(z)^(k−1).</summary>
    private double Moment(int power) => GaussianQuadrature.Expect(
        z => Pieces * Math.Pow(z, power) * Math.Pow(NormalCdf(z), Pieces - 1), 0, 1);

    private static double NormalCdf(double z) => MathNet.Numerics.SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2;
}
