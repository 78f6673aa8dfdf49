using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// A dense array of float32 or float64 numbers with runtime shape and strides. Views (<see cref="Reshape"/>,
/// <see cref="Transpose"/>, <see cref="Slice"/>, <see cref="BroadcastTo"/>) share storage with what they view.
/// </summary>
/// <remarks>
/// Storage is either its own (made by <see cref="Zeros"/>, <see cref="From(ReadOnlySpan{float}, int[])"/>,
/// <see cref="Clone"/>; freed by the garbage collector) or rented from a <see cref="TensorPool"/>, and then valid until
/// it is returned, at the end of a training step. To keep such a tensor, clone it; later use throws.
/// Mutable: kernels write into it.
/// </remarks>
public sealed partial class Tensor
{
    private readonly TensorStorage _storage;
    private readonly int[] _strides;
    private readonly int _offset;
    private int _generation;
    private Tensor?[]? _rowChunks;
    private Tensor? _rows;

    internal Tensor(TensorStorage storage, Shape shape, int[] strides, int offset)
    {
        _storage = storage;
        _strides = strides;
        _offset = offset;
        _generation = storage.Generation;
        Shape = shape;
        Size = shape.Size;
        IsContiguous = IsRowMajor(shape, strides);
        ElementType = storage.Type;
    }

    /// <summary>The extents.</summary>
    public Shape Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Size { get; }

    /// <summary>The number format.</summary>
    public ElementType ElementType { get; }

    /// <summary>True where the elements lie densely in row-major order, so that a span over them exists.</summary>
    public bool IsContiguous { get; }

    /// <summary>Distance between neighbours along each dimension, in elements; 0 where it is broadcast.</summary>
    public ReadOnlySpan<int> Strides => _strides;

    internal TensorStorage Storage => _storage;

    internal int[] StrideArray => _strides;

    internal int Offset => _offset;

    /// <summary>The shelf that it goes back to; null where it isn't from one.</summary>
    internal TensorShelf? Shelf { get; init; }

    internal bool HasEnded => _storage.Generation != _generation;

    /// <summary>The elements of a contiguous tensor as a span of its element type.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, matching <see cref="ElementType"/>.</typeparam>
    /// <exception cref="InvalidOperationException">Not contiguous, another type, or its step has ended.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        if (!IsContiguous) ThrowStrided();
        return Elements<T>().AsSpan(_offset, Size);
    }

    /// <summary>The whole storage array; offset and strides say where the elements are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T[] Elements<T>()
        where T : unmanaged
    {
        if (HasEnded) ThrowReturned();
        return _storage.Numbers<T>() ?? throw new InvalidOperationException(
            $"the tensor holds {ElementType}, not {typeof(T).Name}");
    }

    /// <summary>For instance <c>Float32[64, 10]</c>.</summary>
    public override string ToString() => $"{ElementType}{Shape}";

    private static bool IsRowMajor(Shape shape, int[] strides)
    {
        int expected = 1;
        for (int i = shape.Count - 1; i >= 0; i--)
        {
            if (shape[i] != 1 && strides[i] != expected) return shape.Size == 0;
            expected *= shape[i];
        }
        return true;
    }

    private void ThrowStrided() => throw new InvalidOperationException(
        $"a view of shape {Shape} with strides [{string.Join(", ", _strides)}] is not contiguous; Clone() it first");

    private void ThrowReturned() => throw new InvalidOperationException(
        $"this {ElementType}{Shape} tensor belonged to a step that has ended; Clone() what is to be kept");
}
