using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GradFlow.Tensors;

/// <summary>
/// Brings lines of an operand side by side, as the register tile reads them. Loops are compiled fully at once: a
/// product is too short to wait for a second compilation.
/// </summary>
internal static class Packing
{
    /// <summary>packed[k·width + line] = source[line·lineStride + k·kStride]; beyond the lines it becomes 0.</summary>
    public static void Pack<T>(
        ref T source, int lineStride, int kStride, int lines, int depth, ref T packed, int width)
        where T : unmanaged
    {
        if (lines < width) MemoryMarshal.CreateSpan(ref packed, width * depth).Clear();
        if (lineStride == 1) SideBySide(ref source, kStride, lines, depth, ref packed, width);
        else if (kStride == 1) Transpose(ref source, lineStride, lines, depth, ref packed, width);
        else Strided(ref source, lineStride, kStride, lines, depth, ref packed, width);
    }

    /// <summary>Copies a few neighbours: so few that a call for them would cost more than the copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<T>(ref T from, ref T to, int count)
        where T : unmanaged
    {
        int i = 0, lanes = Vector128<T>.Count;
        if (Vector128.IsHardwareAccelerated && count >= lanes)
        {
            for (; i < count; i += lanes)
            {
                nuint at = (nuint)Math.Min(i, count - lanes);
                Vector128.LoadUnsafe(ref from, at).StoreUnsafe(ref to, at);
            }
        }
        for (; i < count; i++) Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SideBySide<T>(ref T source, int kStride, int lines, int depth, ref T packed, int width)
        where T : unmanaged
    {
        for (int k = 0; k < depth; k++)
            Copy(ref Unsafe.Add(ref source, k * kStride), ref Unsafe.Add(ref packed, k * width), lines);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strided<T>(
        ref T source, int lineStride, int kStride, int lines, int depth, ref T packed, int width)
        where T : unmanaged
    {
        for (int k = 0; k < depth; k++)
        {
            ref T from = ref Unsafe.Add(ref source, k * kStride), to = ref Unsafe.Add(ref packed, k * width);
            for (int line = 0; line < lines; line++, from = ref Unsafe.Add(ref from, lineStride))
                Unsafe.Add(ref to, line) = from;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(ref T source, int lineStride, int lines, int depth, ref T packed, int width)
        where T : unmanaged
    {
        if (!Avx.IsSupported || typeof(T) != typeof(float) || lines < 8 || depth < 8)
        {
            Strided(ref source, lineStride, 1, lines, depth, ref packed, width);
            return;
        }
        nint fromStride = (nint)lineStride * sizeof(float), toStride = (nint)width * sizeof(float);
        // What is left of lines or k is done together with some that have been done already.
        for (int line = 0; line < lines; line += 8)
        {
            int firstLine = Math.Min(line, lines - 8);
            ref float from = ref Unsafe.As<T, float>(ref Unsafe.Add(ref source, firstLine * lineStride));
            ref float to = ref Unsafe.As<T, float>(ref Unsafe.Add(ref packed, firstLine));
            for (int k = 0; k < depth; k += 8)
            {
                int firstK = Math.Min(k, depth - 8);
                TransposeEight(
                    ref Unsafe.Add(ref from, firstK), fromStride, ref Unsafe.Add(ref to, firstK * width), toStride);
            }
        }
    }

    /// <summary>Eight lines by eight k, as two times four k; strides in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeEight(ref float from, nint fromStride, ref float to, nint toStride)
    {
        TransposeFour(ref from, fromStride, ref to, toStride);
        TransposeFour(
            ref Unsafe.Add(ref from, 4), fromStride, ref Unsafe.AddByteOffset(ref to, 4 * toStride), toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeFour(ref float from, nint fromStride, ref float to, nint toStride)
    {
        ref float upper = ref Unsafe.AddByteOffset(ref from, 4 * fromStride);
        Vector256<float> r0 = Halves(ref from, ref upper, 0), r1 = Halves(ref from, ref upper, fromStride);
        Vector256<float> r2 = Halves(ref from, ref upper, 2 * fromStride);
        Vector256<float> r3 = Halves(ref from, ref upper, 3 * fromStride);
        Vector256<double> t0 = Avx.UnpackLow(r0, r1).AsDouble(), t1 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> t2 = Avx.UnpackLow(r2, r3).AsDouble(), t3 = Avx.UnpackHigh(r2, r3).AsDouble();
        Avx.UnpackLow(t0, t2).AsSingle().StoreUnsafe(ref to);
        Avx.UnpackHigh(t0, t2).AsSingle().StoreUnsafe(ref Unsafe.AddByteOffset(ref to, toStride));
        Avx.UnpackLow(t1, t3).AsSingle().StoreUnsafe(ref Unsafe.AddByteOffset(ref to, 2 * toStride));
        Avx.UnpackHigh(t1, t3).AsSingle().StoreUnsafe(ref Unsafe.AddByteOffset(ref to, 3 * toStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(ref float lower, ref float upper, nint offset) => Vector256.Create(
        Vector128.LoadUnsafe(ref Unsafe.AddByteOffset(ref lower, offset)),
        Vector128.LoadUnsafe(ref Unsafe.AddByteOffset(ref upper, offset)));
}
