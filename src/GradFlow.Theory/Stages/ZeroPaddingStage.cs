namespace GradFlow.Theory;

/// <summary>
/// Zeros behind what comes in: mean squares, and squared norms of gradients on their way back, fall by in/out.
/// </summary>
/// <param name="Inputs">Units that come in; at least 1.</param>
/// <param name="Outputs">Units that go out, the zeros included; at least as many.</param>
/// <remarks>The gradient is taken to be spread evenly over what goes out, as random weights behind it do.</remarks>
public sealed record ZeroPaddingStage(int Inputs, int Outputs) : Stage
{
    /// <summary>Units that come in.</summary>
    public int Inputs { get; } = Positive(Inputs, nameof(Inputs));

    /// <summary>Units that go out, the zeros included.</summary>
    public int Outputs { get; } = Outputs >= Inputs
        ? Outputs
        : throw new ArgumentOutOfRangeException(
            nameof(Outputs), Outputs, $"Padding {Inputs} units makes at least as many.");

    private double Share => (double)Inputs / Outputs;

    internal override SignalState Forward(SignalState input) =>
        new(Share * input.SecondMoment, Share * input.Covariance, Share * input.Mean) { IsGaussian = false };

    internal override (double SquaredGain, GradientState Gradient) Backward(
        SignalState input, GradientState gradient) =>
        (Share, GradientState.Free(gradient.Correlation));
}
