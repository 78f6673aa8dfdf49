using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    private const int RowsPerTile = 4;

    /// <summary>
    /// The matrix product of a [m, k] and b [k, n], each of any strides (so also transposed), into [m, n].
    /// </summary>
    /// <remarks>
    /// Both operands are packed into panels as wide as the register tile, padded with zeros; each element of the result
    /// is one chain of fused multiply-adds in the order of k, wherever its tile lies.
    /// </remarks>
    /// <exception cref="ArgumentException">Not matrices, or their shapes don't fit.</exception>
    public static void MatMul(Tensor a, Tensor b, Tensor into)
    {
        RequireSameType(a, b);
        RequireSameType(a, into);
        if (a.Shape.Count != 2 || b.Shape.Count != 2 || a.Shape[1] != b.Shape[0])
            throw new ArgumentException($"cannot multiply {a.Shape} by {b.Shape}; expected [m, k] and [k, n]");
        if (into.Shape != new Shape(a.Shape[0], b.Shape[1]))
            throw new ArgumentException($"the product of {a.Shape} and {b.Shape} does not fit {into.Shape}");
        if (IsFloat(a)) MatMul<float>(a, b, into);
        else MatMul<double>(a, b, into);
    }

    private static void MatMul<T>(Tensor a, Tensor b, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int m = a.Shape[0], k = a.Shape[1], n = b.Shape[1], columns = 2 * Vector<T>.Count;
        int rowPanels = (m + RowsPerTile - 1) / RowsPerTile, columnPanels = (n + columns - 1) / columns;
        T[] packedA = Scratch<T>.First(rowPanels * RowsPerTile * k);
        T[] packedB = Scratch<T>.Second(columnPanels * columns * k);
        Pack(a.Elements<T>(), a.Offset, a.StrideArray[0], a.StrideArray[1], m, k, RowsPerTile, packedA);
        Pack(b.Elements<T>(), b.Offset, b.StrideArray[1], b.StrideArray[0], n, k, columns, packedB);
        Span<T> c = into.AsSpan<T>(), edge = stackalloc T[RowsPerTile * columns];
        for (int j = 0; j < columnPanels; j++)
        {
            ref T panelB = ref packedB[j * columns * k];
            int width = Math.Min(columns, n - j * columns);
            for (int i = 0; i < rowPanels; i++)
            {
                ref T panelA = ref packedA[i * RowsPerTile * k];
                int height = Math.Min(RowsPerTile, m - i * RowsPerTile), at = i * RowsPerTile * n + j * columns;
                if (height == RowsPerTile && width == columns) MultiplyTile(ref panelA, ref panelB, k, ref c[at], n);
                else
                {
                    MultiplyTile(ref panelA, ref panelB, k, ref edge[0], columns);
                    for (int r = 0; r < height; r++) edge.Slice(r * columns, width).CopyTo(c.Slice(at + r * n, width));
                }
            }
        }
    }

    /// <summary>Lays lines out in panels of a given width, k-major: packed[panel][k][line in panel].</summary>
    private static void Pack<T>(
        T[] source, int offset, int lineStride, int kStride, int lines, int k, int width, T[] packed)
        where T : unmanaged
    {
        for (int start = 0, to = 0; start < lines; start += width, to += width * k)
        {
            int count = Math.Min(width, lines - start), from = offset + start * lineStride;
            if (lineStride == 1 && width == RowsPerTile && count == RowsPerTile)
            {
                // A weight's gradient transposes its left operand, so this is the most travelled way.
                for (int p = 0, x = from, y = to; p < k; p++, x += kStride, y += RowsPerTile)
                    Unsafe.As<T, RowTile<T>>(ref packed[y]) = Unsafe.As<T, RowTile<T>>(ref source[x]);
                continue;
            }
            if (lineStride == 1)
            {
                for (int p = 0; p < k; p++)
                {
                    Span<T> line = packed.AsSpan(to + p * width, width);
                    source.AsSpan(from + p * kStride, count).CopyTo(line);
                    line[count..].Clear();
                }
                continue;
            }
            if (count < width) packed.AsSpan(to, width * k).Clear();
            for (int line = 0; line < count; line++)
                for (int p = 0, x = from + line * lineStride, y = to + line; p < k; p++, x += kStride, y += width)
                    packed[y] = source[x];
        }
    }

    [InlineArray(RowsPerTile)]
    private struct RowTile<T>
        where T : unmanaged
    {
        private T _first;
    }

    /// <summary>A tile of four rows by two vectors, kept in registers over the whole of k.</summary>
    private static void MultiplyTile<T>(ref T a, ref T b, int k, ref T c, int stride)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int width = Vector<T>.Count;
        Vector<T> c00 = default, c01 = default, c10 = default, c11 = default;
        Vector<T> c20 = default, c21 = default, c30 = default, c31 = default;
        for (int p = 0; p < k; p++)
        {
            Vector<T> b0 = Vector.LoadUnsafe(ref b), b1 = Vector.LoadUnsafe(ref b, (nuint)width);
            var a0 = new Vector<T>(a);
            c00 = MultiplyAdd(a0, b0, c00);
            c01 = MultiplyAdd(a0, b1, c01);
            var a1 = new Vector<T>(Unsafe.Add(ref a, 1));
            c10 = MultiplyAdd(a1, b0, c10);
            c11 = MultiplyAdd(a1, b1, c11);
            var a2 = new Vector<T>(Unsafe.Add(ref a, 2));
            c20 = MultiplyAdd(a2, b0, c20);
            c21 = MultiplyAdd(a2, b1, c21);
            var a3 = new Vector<T>(Unsafe.Add(ref a, 3));
            c30 = MultiplyAdd(a3, b0, c30);
            c31 = MultiplyAdd(a3, b1, c31);
            a = ref Unsafe.Add(ref a, RowsPerTile);
            b = ref Unsafe.Add(ref b, 2 * width);
        }
        StoreRow(c00, c01, ref c);
        StoreRow(c10, c11, ref Unsafe.Add(ref c, stride));
        StoreRow(c20, c21, ref Unsafe.Add(ref c, 2 * stride));
        StoreRow(c30, c31, ref Unsafe.Add(ref c, 3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<T>(Vector<T> left, Vector<T> right, ref T to)
        where T : unmanaged
    {
        left.StoreUnsafe(ref to);
        right.StoreUnsafe(ref to, (nuint)Vector<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? Vector.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();
}
