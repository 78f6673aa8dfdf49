namespace GradFlow.Tensors;

/// <summary>
/// The memory behind one or more tensors. Pooled storage counts how often it was handed back, so that a tensor that
/// outlives its step is noticed at its next use instead of reading another tensor's numbers.
/// </summary>
internal sealed class TensorStorage(Array data)
{
    public Array Data { get; } = data;

    public int Generation { get; private set; }

    public bool IsInPool { get; private set; }

    public void MarkReturned()
    {
        IsInPool = true;
        Generation++;
    }

    public void MarkRented() => IsInPool = false;
}
