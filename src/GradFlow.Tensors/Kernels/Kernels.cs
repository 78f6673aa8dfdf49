using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// All arithmetic on tensors: the one seam behind which loops are made fast. Destinations are passed in, written
/// completely unless a name says otherwise, and must not overlap inputs except where they are the same tensor in an
/// elementwise kernel. Every sum has a fixed order, so the same inputs give the same bits at any time.
/// </summary>
public static partial class Kernels
{
    private static void RequireSameShape(Tensor a, Tensor b)
    {
        RequireSameType(a, b);
        if (a.Shape != b.Shape)
            throw new ArgumentException($"shapes {a.Shape} and {b.Shape} differ; expected the same");
    }

    private static void RequireShape(Tensor tensor, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Shape != shape)
            throw new ArgumentException($"got a tensor of shape {tensor.Shape}; expected {shape}");
    }

    private static void RequireMatrix(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Shape.Count != 2)
            throw new ArgumentException($"got a tensor of shape {tensor.Shape}; expected a matrix");
    }

    private static void RequireSameType(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.ElementType != b.ElementType)
            throw new ArgumentException($"element types {a.ElementType} and {b.ElementType} differ; expected the same");
    }

    private static bool IsFloat(Tensor tensor) => tensor.ElementType == ElementType.Float32;

    /// <summary>
    /// Calls back for every innermost row of a shape, in row-major order, with each operand's offset.
    /// </summary>
    private static void ForEachRow(
        Shape shape, int[] strides, int offset, int[] otherStrides, int otherOffset, RowAction row)
    {
        int rank = shape.Count, length = rank == 0 ? 1 : shape[rank - 1];
        if (shape.Size == 0) return;
        Span<int> index = stackalloc int[Math.Max(rank, 1)];
        index.Clear();
        while (true)
        {
            row(offset, otherOffset, length);
            int d = rank - 2;
            for (; d >= 0; d--)
            {
                offset += strides[d];
                otherOffset += otherStrides[d];
                if (++index[d] < shape[d]) break;
                offset -= strides[d] * shape[d];
                otherOffset -= otherStrides[d] * shape[d];
                index[d] = 0;
            }
            if (d < 0) return;
        }
    }

    private static int InnerStride(int[] strides) => strides.Length == 0 ? 1 : strides[^1];

    private delegate void RowAction(int offset, int otherOffset, int length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? Vector.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();
}
