namespace GradFlow.Tensors;

public sealed partial class Tensor
{
    /// <summary>A tensor of zeros with storage of its own.</summary>
    public static Tensor Zeros(Shape shape, ElementType type = ElementType.Float32)
    {
        Array data = type == ElementType.Float32 ? new float[shape.Size] : new double[shape.Size];
        return new Tensor(new TensorStorage(data), shape, shape.RowMajorStrides(), 0);
    }

    /// <summary>A tensor filled with one value, with storage of its own.</summary>
    public static Tensor Full(Shape shape, double value, ElementType type = ElementType.Float32)
    {
        Tensor tensor = Zeros(shape, type);
        Kernels.FillInPlace(tensor, value);
        return tensor;
    }

    /// <summary>A float32 tensor of a copy of the given numbers.</summary>
    /// <param name="values">Row-major elements.</param>
    /// <param name="extents">Its shape; none makes a vector.</param>
    /// <exception cref="ArgumentException">The count doesn't match the shape.</exception>
    public static Tensor From(ReadOnlySpan<float> values, params int[] extents) => From<float>(values, extents);

    /// <summary>A float64 tensor of a copy of the given numbers.</summary>
    /// <param name="values">Row-major elements.</param>
    /// <param name="extents">Its shape; none makes a vector.</param>
    /// <exception cref="ArgumentException">The count doesn't match the shape.</exception>
    public static Tensor From(ReadOnlySpan<double> values, params int[] extents) => From<double>(values, extents);

    /// <summary>A tensor over an existing array, without a copy: both then see each other's writes.</summary>
    /// <exception cref="ArgumentException">The count doesn't match the shape.</exception>
    public static Tensor Wrap(float[] values, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        RequireSize(values.Length, shape);
        return new Tensor(new TensorStorage(values), shape, shape.RowMajorStrides(), 0);
    }

    /// <summary>A dense copy with storage of its own, of this or another element type.</summary>
    public Tensor Clone(ElementType? type = null)
    {
        Tensor copy = Zeros(Shape, type ?? ElementType);
        Kernels.Copy(this, copy);
        return copy;
    }

    /// <summary>One element, as a double.</summary>
    /// <param name="indices">One index per dimension.</param>
    /// <exception cref="ArgumentException">Another number of indices than dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside of its extent.</exception>
    public double this[params ReadOnlySpan<int> indices]
    {
        get
        {
            int at = Locate(indices);
            return ElementType == ElementType.Float32 ? Elements<float>()[at] : Elements<double>()[at];
        }
        set
        {
            int at = Locate(indices);
            if (ElementType == ElementType.Float32) Elements<float>()[at] = (float)value;
            else Elements<double>()[at] = value;
        }
    }

    /// <summary>The elements in row-major order, as doubles.</summary>
    public double[] ToDoubles()
    {
        Tensor dense = ElementType == ElementType.Float64 && IsContiguous ? this : Clone(ElementType.Float64);
        return dense.AsSpan<double>().ToArray();
    }

    private static Tensor From<T>(ReadOnlySpan<T> values, int[] extents)
        where T : unmanaged
    {
        Shape shape = extents.Length == 0 ? new Shape(values.Length) : new Shape(extents);
        RequireSize(values.Length, shape);
        return new Tensor(new TensorStorage(values.ToArray()), shape, shape.RowMajorStrides(), 0);
    }

    private static void RequireSize(int count, Shape shape)
    {
        if (count != shape.Size)
            throw new ArgumentException($"{count} numbers do not fill shape {shape}; expected {shape.Size}");
    }

    private int Locate(ReadOnlySpan<int> indices)
    {
        if (indices.Length != Shape.Count)
            throw new ArgumentException($"{indices.Length} indices for shape {Shape}; expected {Shape.Count}");
        int at = _offset;
        for (int i = 0; i < indices.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(indices[i]);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(indices[i], Shape[i]);
            at += indices[i] * _strides[i];
        }
        return at;
    }
}
