using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// Lends storage for the tensors of a training step and takes it back when the step ends, so that a steady state
/// allocates nothing that grows with the tensors. Belongs to one training; not safe for use by two threads at once.
/// </summary>
public sealed class TensorPool
{
    private readonly Dictionary<(ElementType, int), Stack<TensorStorage>> _free = [];
    private readonly Dictionary<(ElementType, Shape), TensorShelf> _shelves = [];

    /// <summary>Bytes that the pool has allocated so far, lent or free.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>What the last tape on this pool leaves to the next one.</summary>
    internal object? Trace { get; set; }

    /// <summary>
    /// Lends a dense tensor whose contents are undefined: the kernel that fills it writes every element.
    /// </summary>
    public Tensor Rent(Shape shape, ElementType type = ElementType.Float32)
    {
        return new Tensor(Take(shape, type), shape, shape.RowMajorStrides(), 0);
    }

    /// <summary>
    /// Takes a lent tensor's storage back; using the tensor or a view of it then throws. Twice is harmless.
    /// </summary>
    /// <exception cref="ArgumentException">The tensor was not lent by this pool.</exception>
    public void Return(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        TensorStorage storage = tensor.Storage;
        if (storage.Owner != this) throw new ArgumentException($"{tensor} was not lent by this pool", nameof(tensor));
        if (tensor.HasEnded) return;
        storage.MarkReturned();
        if (tensor.Shelf is { } shelf) shelf.Put(tensor);
        else Put(storage);
    }

    /// <summary>Where tensors of one shape wait, as objects, to be lent again.</summary>
    internal TensorShelf ShelfOf(Shape shape, ElementType type)
    {
        if (!_shelves.TryGetValue((type, shape), out TensorShelf? shelf))
            _shelves[(type, shape)] = shelf = new TensorShelf(this, shape, type);
        return shelf;
    }

    /// <summary>Takes back the storage of a tensor that was kept over steps and whose last step has ended.</summary>
    internal void Reclaim(Tensor ended) => Put(ended.Storage);

    internal TensorStorage Take(Shape shape, ElementType type)
    {
        int capacity = shape.Size > 1 << 30 ? shape.Size
            : (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, shape.Size));
        return _free.TryGetValue((type, capacity), out Stack<TensorStorage>? free) && free.Count > 0
            ? free.Pop()
            : Allocate(type, capacity);
    }

    private void Put(TensorStorage storage)
    {
        var key = (storage.Type, storage.Length);
        if (!_free.TryGetValue(key, out Stack<TensorStorage>? free)) _free[key] = free = new Stack<TensorStorage>();
        free.Push(storage);
    }

    private TensorStorage Allocate(ElementType type, int capacity)
    {
        AllocatedBytes += (long)capacity * (type == ElementType.Float32 ? sizeof(float) : sizeof(double));
        return new TensorStorage(type == ElementType.Float32 ? new float[capacity] : new double[capacity], this);
    }
}
