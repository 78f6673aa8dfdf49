namespace GradFlow.Theory;

/// <summary>
/// A layer that this theory says nothing about. Its gain is unknown and so is the signal behind it, until a
/// normalisation fixes its scale again; weights behind it keep their known gains, and so do homogeneous activations
/// behind those.
/// </summary>
/// <param name="Name">What the layer is, for people.</param>
public sealed record UncoveredStage(string Name) : Stage
{
    /// <summary>
    /// Whether its time steps look at others directly, as those of attention do: gradients then reach far ones past any
    /// recurrence.
    /// </summary>
    public bool LooksAcrossTime { get; init; }

    internal override SignalState Forward(SignalState input) => SignalState.Unknown;

    internal override (double SquaredGain, GradientState Gradient) Backward(
        SignalState input, GradientState gradient) => (double.NaN, GradientState.Free(double.NaN));
}
