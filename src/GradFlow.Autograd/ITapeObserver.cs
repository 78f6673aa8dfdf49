namespace GradFlow.Autograd;

/// <summary>
/// Somebody who watches a tape. Without one, a step pays a null check per op. Watching never changes a bit: tensors
/// that are shown may be read, not written, and not kept beyond the call.
/// </summary>
public interface ITapeObserver
{
    /// <summary>An op has computed its value.</summary>
    void Recorded(Variable result);

    /// <summary>A consumer has computed its share of an input's cotangent.</summary>
    /// <param name="consumer">The result whose op handed the share back.</param>
    /// <param name="input">Which of the consumer's inputs.</param>
    /// <param name="share">The share, before it is added to those of other consumers.</param>
    void Contributed(Variable consumer, int input, Cotangent share);

    /// <summary>All consumers have contributed: this is ∂L/∂variable.</summary>
    void Completed(Variable variable, Cotangent cotangent);

    /// <summary>
    /// Whether parameters must be completed where the walk back meets them. Where not, those whose gradient is computed
    /// beside the walk are completed there: on any thread, several at the same time, and before their gradient becomes
    /// plain numbers.
    /// </summary>
    bool IsOrderSensitive => true;

    /// <summary>
    /// Whether the backward pass that begins is to be shown; asked at its beginning. One that isn't costs nothing.
    /// </summary>
    bool SeesBackward => true;
}
