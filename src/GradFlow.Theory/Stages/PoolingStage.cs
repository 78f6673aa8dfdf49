namespace GradFlow.Theory;

/// <summary>
/// Pooling: going back, a maximum hands its gradient to one entry and a mean shares it among its window, so that
/// squared norms change by 1 or by 1/window. How large the signal is behind it depends on how alike neighbours are, of
/// which this theory says nothing.
/// </summary>
/// <param name="Window">Entries that share the gradient of one position; 1 for the maximum.</param>
/// <remarks>Where windows overlap, gradients of different positions are taken to be independent.</remarks>
public sealed record PoolingStage(int Window) : Stage
{
    /// <summary>Entries that share the gradient of one position; 1 for the maximum.</summary>
    public int Window { get; } = Positive(Window, nameof(Window));

    internal override SignalState Forward(SignalState input) => SignalState.Unknown;

    internal override (double SquaredGain, GradientState Gradient) Backward(
        SignalState input, GradientState gradient) => (1.0 / Window, GradientState.Free(double.NaN));
}
