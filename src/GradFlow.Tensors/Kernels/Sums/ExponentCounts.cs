using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

/// <summary>
/// How many float32 numbers have each exponent, by their bits 23 to 30. A table entry per number would wait for the
/// one before, so exponents are compared with one bin after the other, 64 at a time: the exponents of a gradient lie
/// close together below the largest one.
/// </summary>
internal static class ExponentCounts
{
    public const int Bins = 256;

    // Bins that are counted in one walk over a block, each in a register of its own.
    private const int Group = 8;

    // Bytes are counted in bytes, of which each register holds 64: 255 registers at most.
    private const int Block = 64 * 128;

    /// <summary>Adds 1 to the bin of each number's exponent bits.</summary>
    public static void Add(ReadOnlySpan<float> x, Span<int> counts)
    {
        Span<byte> exponents = stackalloc byte[Vector512.IsHardwareAccelerated ? Block : 0];
        while (Vector512.IsHardwareAccelerated && x.Length >= Vector512<byte>.Count)
        {
            int length = Math.Min(Block, x.Length - x.Length % Vector512<byte>.Count);
            Span<byte> block = exponents[..length];
            AddBlock(block, Extract(x[..length], block), counts);
            x = x[length..];
        }
        foreach (float value in x) counts[BinOf(value)]++;
    }

    private static int BinOf(float value) => (BitConverter.SingleToInt32Bits(value) >> 23) & (Bins - 1);

    /// <summary>Writes the exponents, in any order within 64, and returns the largest.</summary>
    private static int Extract(ReadOnlySpan<float> x, Span<byte> exponents)
    {
        ref uint from = ref Unsafe.As<float, uint>(ref MemoryMarshal.GetReference(x));
        ref byte to = ref MemoryMarshal.GetReference(exponents);
        Vector512<byte> largest = default;
        for (nuint i = 0; i < (nuint)x.Length; i += 64)
        {
            Vector512<uint> a = Exponents(ref from, i), b = Exponents(ref from, i + 16);
            Vector512<uint> c = Exponents(ref from, i + 32), d = Exponents(ref from, i + 48);
            Vector512<byte> all = (a | b << 8 | c << 16 | d << 24).AsByte();
            all.StoreUnsafe(ref to, i);
            largest = Vector512.Max(largest, all);
        }
        int most = 0;
        for (int i = 0; i < Vector512<byte>.Count; i++) most = Math.Max(most, largest[i]);
        return most;
    }

    /// <summary>
    /// Counts bins from the largest exponent down until all are found; what lies far below is counted singly.
    /// </summary>
    private static void AddBlock(ReadOnlySpan<byte> exponents, int largest, Span<int> counts)
    {
        const int MostGroups = 4;
        int left = exponents.Length, top = largest;
        for (int group = 0; group < MostGroups && left > 0 && top >= 0; group++, top -= Group)
            left -= AddGroup(exponents, top, counts);
        if (left == 0 || top < 0) return;
        foreach (byte exponent in exponents)
            if (exponent <= top) counts[exponent]++;
    }

    /// <summary>Counts the bins from one downwards, and returns how many exponents lie in them.</summary>
    private static int AddGroup(ReadOnlySpan<byte> exponents, int top, Span<int> counts)
    {
        Vector512<byte> b0 = Bin(top), b1 = Bin(top - 1), b2 = Bin(top - 2), b3 = Bin(top - 3);
        Vector512<byte> b4 = Bin(top - 4), b5 = Bin(top - 5), b6 = Bin(top - 6), b7 = Bin(top - 7);
        Vector512<byte> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector512<byte> c4 = default, c5 = default, c6 = default, c7 = default;
        ref byte from = ref MemoryMarshal.GetReference(exponents);
        for (nuint i = 0; i < (nuint)exponents.Length; i += 64)
        {
            Vector512<byte> e = Vector512.LoadUnsafe(ref from, i);
            // A comparison that holds is −1.
            c0 -= Vector512.Equals(e, b0);
            c1 -= Vector512.Equals(e, b1);
            c2 -= Vector512.Equals(e, b2);
            c3 -= Vector512.Equals(e, b3);
            c4 -= Vector512.Equals(e, b4);
            c5 -= Vector512.Equals(e, b5);
            c6 -= Vector512.Equals(e, b6);
            c7 -= Vector512.Equals(e, b7);
        }
        return Take(c0, top, counts) + Take(c1, top - 1, counts) + Take(c2, top - 2, counts) + Take(c3, top - 3, counts)
            + Take(c4, top - 4, counts) + Take(c5, top - 5, counts) + Take(c6, top - 6, counts) + Take(
                c7, top - 7, counts);
    }

    /// <summary>A bin below 0 holds nothing: it is told from exponent 256 + bin by <see cref="Take"/>.</summary>
    private static Vector512<byte> Bin(int exponent) => Vector512.Create((byte)exponent);

    private static int Take(Vector512<byte> inLanes, int bin, Span<int> counts)
    {
        if (bin < 0) return 0;
        Vector512<ushort> pairs = Vector512.WidenLower(inLanes) + Vector512.WidenUpper(inLanes);
        int count = Vector512.Sum(pairs);
        counts[bin] += count;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Exponents(ref uint from, nuint at) =>
        Vector512.ShiftRightLogical(Vector512.LoadUnsafe(ref from, at) << 1, 24);
}
