namespace GradFlow.Tensors;

/// <summary>
/// The memory behind one or more tensors. Pooled storage counts how often it was handed back, so that a tensor that
/// outlives its step is noticed at its next use instead of reading another tensor's numbers.
/// </summary>
internal sealed class TensorStorage(Array data, TensorPool? owner = null)
{
    public Array Data { get; } = data;

    /// <summary>The pool that lends it; null where a tensor has storage of its own.</summary>
    public TensorPool? Owner { get; } = owner;

    public int Generation { get; private set; }

    public void MarkReturned() => Generation++;
}
