namespace GradFlow.Theory;

/// <summary>A change of shape that keeps every value, such as flattening.</summary>
public sealed record ReshapeStage : Stage
{
    internal override SignalState Forward(SignalState input) => input;

    internal override (double SquaredGain, GradientState Gradient) Backward(
        SignalState input, GradientState gradient) => (1, gradient);
}
