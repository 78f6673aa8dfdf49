namespace GradFlow.Tensors;

public sealed partial class Tensor
{
    /// <summary>The same elements in another shape; shares storage.</summary>
    /// <param name="shape">A shape with as many elements.</param>
    /// <exception cref="ArgumentException">Another number of elements.</exception>
    /// <exception cref="InvalidOperationException">Not contiguous.</exception>
    public Tensor Reshape(Shape shape)
    {
        if (shape.Size != Size)
            throw new ArgumentException($"cannot reshape {Shape} to {shape}: {Size} elements against {shape.Size}");
        if (!IsContiguous) ThrowStrided();
        return View(shape, shape.RowMajorStrides(), _offset);
    }

    /// <summary>Two dimensions exchanged; shares storage. By default the last two: a matrix transposed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such dimension.</exception>
    public Tensor Transpose(int first = -2, int second = -1)
    {
        int a = Dimension(first), b = Dimension(second);
        int[] extents = [.. Shape], strides = [.. _strides];
        (extents[a], extents[b]) = (extents[b], extents[a]);
        (strides[a], strides[b]) = (strides[b], strides[a]);
        return View(new Shape(extents), strides, _offset);
    }

    /// <summary>The indices from <paramref name="start"/> on along one dimension; shares storage.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The stretch lies outside.</exception>
    public Tensor Slice(int dimension, int start, int length)
    {
        int d = Dimension(dimension);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Shape[d]);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Shape[d] - start);
        int[] extents = [.. Shape];
        extents[d] = length;
        // An empty view lies nowhere: its start may be beyond the end of the storage.
        return View(new Shape(extents), _strides, length == 0 ? _offset : _offset + start * _strides[d]);
    }

    /// <summary>Stretched to a larger shape by repeating (stride 0); shares storage and is for reading only.</summary>
    /// <exception cref="ArgumentException">It does not broadcast to that shape.</exception>
    public Tensor BroadcastTo(Shape shape)
    {
        if (Shape == shape) return this;
        if (Shape.Broadcast(Shape, shape) != shape)
            throw new ArgumentException($"{Shape} does not broadcast to {shape}");
        int lead = shape.Count - Shape.Count;
        int[] strides = new int[shape.Count];
        for (int i = lead; i < shape.Count; i++) strides[i] = Shape[i - lead] == 1 ? 0 : _strides[i - lead];
        return View(shape, strides, _offset);
    }

    private Tensor View(Shape shape, int[] strides, int offset)
    {
        if (HasEnded) ThrowReturned();
        return new Tensor(_storage, shape, strides, offset);
    }

    private int Dimension(int dimension)
    {
        int d = dimension < 0 ? dimension + Shape.Count : dimension;
        if (d < 0 || d >= Shape.Count)
            throw new ArgumentOutOfRangeException(nameof(dimension), $"shape {Shape} has no dimension {dimension}");
        return d;
    }
}
