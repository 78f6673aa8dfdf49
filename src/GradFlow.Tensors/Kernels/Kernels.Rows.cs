using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    private static void SumRows<T>(ReadOnlySpan<T> rows, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        into.Clear();
        for (int at = 0; at < rows.Length; at += into.Length)
            Zip<T, AddF<T>>(into, rows.Slice(at, into.Length), into);
    }

    private static double MaxAbs<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? MaxAbs(MemoryMarshal.Cast<T, float>(x))
        : double.CreateTruncating(T.Abs(TensorPrimitives.MaxMagnitude(x)));

    /// <summary>The largest magnitude. Bits of magnitudes are ordered as the numbers are, with NaN above all.</summary>
    private static float MaxAbs(ReadOnlySpan<float> x)
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(x);
        int width = Vector<int>.Count, i = 0, largest = 0;
        var magnitude = new Vector<int>(int.MaxValue);
        Vector<int> first = default, second = default;
        for (; i <= bits.Length - 2 * width; i += 2 * width)
        {
            first = Vector.Max(first, new Vector<int>(bits[i..]) & magnitude);
            second = Vector.Max(second, new Vector<int>(bits[(i + width)..]) & magnitude);
        }
        first = Vector.Max(first, second);
        for (int lane = 0; lane < width; lane++) largest = Math.Max(largest, first[lane]);
        for (; i < bits.Length; i++) largest = Math.Max(largest, bits[i] & int.MaxValue);
        return BitConverter.Int32BitsToSingle(largest);
    }
}
