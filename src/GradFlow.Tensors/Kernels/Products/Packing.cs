using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GradFlow.Tensors;

/// <summary>Brings lines of an operand side by side, as the register tile reads them.</summary>
internal static class Packing
{
    /// <summary>packed[k·width + line] = source[line·lineStride + k·kStride]; beyond the lines it becomes 0.</summary>
    public static void Pack<T>(
        ref T source, int lineStride, int kStride, int lines, int depth, ref T packed, int width)
        where T : unmanaged
    {
        if (lineStride == 1) SideBySide(ref source, kStride, lines, depth, ref packed, width);
        else
        {
            if (lines < width) MemoryMarshal.CreateSpan(ref packed, width * depth).Clear();
            if (kStride == 1) Transpose(ref source, lineStride, lines, depth, ref packed, width);
            else Strided(ref source, lineStride, kStride, lines, depth, ref packed, width);
        }
    }

    private static void SideBySide<T>(ref T source, int kStride, int lines, int depth, ref T packed, int width)
        where T : unmanaged
    {
        for (int k = 0; k < depth; k++)
        {
            Span<T> to = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref packed, k * width), width);
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref source, k * kStride), lines).CopyTo(to);
            to[lines..].Clear();
        }
    }

    private static void Strided<T>(
        ref T source, int lineStride, int kStride, int lines, int depth, ref T packed, int width)
        where T : unmanaged
    {
        for (int line = 0; line < lines; line++)
        {
            ref T from = ref Unsafe.Add(ref source, line * lineStride);
            ref T to = ref Unsafe.Add(ref packed, line);
            for (int k = 0; k < depth; k++) Unsafe.Add(ref to, k * width) = Unsafe.Add(ref from, k * kStride);
        }
    }

    private static void Transpose<T>(ref T source, int lineStride, int lines, int depth, ref T packed, int width)
        where T : unmanaged
    {
        int line = 0, wholeDepth = depth & ~7;
        if (Avx.IsSupported && typeof(T) == typeof(float))
        {
            for (; line + 8 <= lines; line += 8)
            {
                ref T from = ref Unsafe.Add(ref source, line * lineStride), to = ref Unsafe.Add(ref packed, line);
                for (int k = 0; k < wholeDepth; k += 8)
                    TransposeEight(
                        ref Unsafe.As<T, float>(ref Unsafe.Add(ref from, k)), lineStride,
                        ref Unsafe.As<T, float>(ref Unsafe.Add(ref to, k * width)), width);
                Strided(
                    ref Unsafe.Add(ref from, wholeDepth), lineStride, 1, 8, depth - wholeDepth,
                    ref Unsafe.Add(ref to, wholeDepth * width), width);
            }
        }
        Strided(
            ref Unsafe.Add(ref source, line * lineStride), lineStride, 1, lines - line, depth,
            ref Unsafe.Add(ref packed, line), width);
    }

    /// <summary>Four elements of a line and, in the upper half, of the line four further on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(ref float from, int stride) =>
        Vector256.Create(Vector128.LoadUnsafe(ref from), Vector128.LoadUnsafe(ref Unsafe.Add(ref from, 4 * stride)));

    /// <summary>Eight lines by eight k, as two times four k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeEight(ref float from, int fromStride, ref float to, int toStride)
    {
        for (int half = 0; half < 2; half++)
        {
            Vector256<float> r0 = Halves(ref from, fromStride);
            Vector256<float> r1 = Halves(ref Unsafe.Add(ref from, fromStride), fromStride);
            Vector256<float> r2 = Halves(ref Unsafe.Add(ref from, 2 * fromStride), fromStride);
            Vector256<float> r3 = Halves(ref Unsafe.Add(ref from, 3 * fromStride), fromStride);
            Vector256<double> t0 = Avx.UnpackLow(r0, r1).AsDouble(), t1 = Avx.UnpackHigh(r0, r1).AsDouble();
            Vector256<double> t2 = Avx.UnpackLow(r2, r3).AsDouble(), t3 = Avx.UnpackHigh(r2, r3).AsDouble();
            Avx.UnpackLow(t0, t2).AsSingle().StoreUnsafe(ref to);
            Avx.UnpackHigh(t0, t2).AsSingle().StoreUnsafe(ref Unsafe.Add(ref to, toStride));
            Avx.UnpackLow(t1, t3).AsSingle().StoreUnsafe(ref Unsafe.Add(ref to, 2 * toStride));
            Avx.UnpackHigh(t1, t3).AsSingle().StoreUnsafe(ref Unsafe.Add(ref to, 3 * toStride));
            from = ref Unsafe.Add(ref from, 4);
            to = ref Unsafe.Add(ref to, 4 * toStride);
        }
    }
}
