using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    private static void SumRows<T>(ReadOnlySpan<T> rows, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int width = into.Length, at = 0;
        into.Clear();
        for (; at <= rows.Length - 4 * width; at += 4 * width) AddFourRows(rows.Slice(at, 4 * width), into);
        for (; at < rows.Length; at += width) Zip<T, AddF<T>>(into, rows.Slice(at, width), into);
    }

    /// <summary>Adds rows one after the other, so to the same bits as one by one.</summary>
    private static void AddFourRows<T>(ReadOnlySpan<T> rows, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int width = into.Length, i = 0;
        ReadOnlySpan<T> first = rows[..width], second = rows.Slice(width, width);
        ReadOnlySpan<T> third = rows.Slice(2 * width, width), fourth = rows.Slice(3 * width, width);
        for (; i <= width - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> sum = new Vector<T>(into[i..]) + new Vector<T>(first[i..]) + new Vector<T>(second[i..]);
            (sum + new Vector<T>(third[i..]) + new Vector<T>(fourth[i..])).CopyTo(into[i..]);
        }
        for (; i < width; i++) into[i] = into[i] + first[i] + second[i] + third[i] + fourth[i];
    }

    private static double MaxAbs<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? MaxAbs(MemoryMarshal.Cast<T, float>(x))
        : double.CreateTruncating(T.Abs(TensorPrimitives.MaxMagnitude(x)));

    /// <summary>The largest magnitude. Bits of magnitudes are ordered as the numbers are, with NaN above all.</summary>
    private static float MaxAbs(ReadOnlySpan<float> x)
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(x);
        return BitConverter.Int32BitsToSingle(
            Vector512.IsHardwareAccelerated ? MaxMagnitude512(bits) : MaxMagnitude(bits));
    }

    private static int MaxMagnitude512(ReadOnlySpan<int> bits)
    {
        int width = Vector512<int>.Count, i = 0;
        Vector512<int> magnitude = Vector512.Create(int.MaxValue), first = default, second = default;
        for (; i <= bits.Length - 2 * width; i += 2 * width)
        {
            first = Vector512.Max(first, Vector512.Create(bits[i..]) & magnitude);
            second = Vector512.Max(second, Vector512.Create(bits[(i + width)..]) & magnitude);
        }
        first = Vector512.Max(first, second);
        Vector256<int> half = Vector256.Max(first.GetLower(), first.GetUpper());
        Vector128<int> quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        return Math.Max(MaxMagnitude(bits[i..]), Largest(quarter));
    }

    private static int MaxMagnitude(ReadOnlySpan<int> bits)
    {
        int width = Vector<int>.Count, i = 0, largest = 0;
        var magnitude = new Vector<int>(int.MaxValue);
        Vector<int> all = default;
        for (; i <= bits.Length - width; i += width) all = Vector.Max(all, new Vector<int>(bits[i..]) & magnitude);
        for (int lane = 0; lane < width; lane++) largest = Math.Max(largest, all[lane]);
        for (; i < bits.Length; i++) largest = Math.Max(largest, bits[i] & int.MaxValue);
        return largest;
    }

    private static int Largest(Vector128<int> x) => Math.Max(Math.Max(x[0], x[1]), Math.Max(x[2], x[3]));
}
