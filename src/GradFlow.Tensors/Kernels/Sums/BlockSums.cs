using System.Runtime.InteropServices;

namespace GradFlow.Tensors;

/// <summary>
/// Sums over float32 numbers in blocks: within a block in lanes of float32, from block to block in float64, and where
/// squares come near the ends of float32's range, a block once more in lanes of float64.
/// </summary>
/// <typeparam name="V">Float32 numbers that one instruction works on.</typeparam>
/// <typeparam name="W">Likewise of float64.</typeparam>
internal static class BlockSums<V, W>
    where V : struct, IPacked<V, float>
    where W : struct, IPacked<W, double>
{
    // Two blocks fit the first-level cache, and no lane adds so many numbers that their roundings show.
    private const int Block = 4096;

    /// <summary>A block of numbers with squares this large loses nothing that counts to underflow.</summary>
    private static readonly double Least = Math.ScaleB(1, -80), Most = Math.ScaleB(1, 100);

    private static int Step => 2 * V.Count;

    public static double Squares(ReadOnlySpan<float> x)
    {
        double total = 0;
        for (; x.Length > 0; x = x[Math.Min(Block, x.Length)..])
        {
            ReadOnlySpan<float> block = x[..Math.Min(Block, x.Length)], whole = block[..Whole(block.Length)];
            double squares = LaneSums<V, float>.Squares(whole);
            total += IsSafe(squares) || AreZero(whole) ? squares : LaneSums<W, double>.Squares(whole);
            total += SingleSums.Squares(block[whole.Length..]);
        }
        return total;
    }

    public static double SquaredDifferences(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double total = 0;
        while (a.Length > 0)
        {
            int length = Math.Min(Block, a.Length), whole = Whole(length);
            ReadOnlySpan<float> x = a[..whole], y = b[..whole];
            double squares = LaneSums<V, float>.SquaredDifferences(x, y);
            total += IsSafe(squares) || AreSame(x, y) ? squares : LaneSums<W, double>.SquaredDifferences(x, y);
            total += SingleSums.SquaredDifferences(a[whole..length], b[whole..length]);
            a = a[length..];
            b = b[length..];
        }
        return total;
    }

    public static WeightSums Weights(ReadOnlySpan<float> w, ReadOnlySpan<float> initial, Span<float> kept)
    {
        WeightSums total = default;
        while (w.Length > 0)
        {
            int length = Math.Min(Block, w.Length), whole = Whole(length);
            ReadOnlySpan<float> x = w[..whole], start = initial[..whole];
            WeightSums sums = LaneSums<V, float>.Weights(x, start);
            bool isSafe = (IsSafe(sums.Squares) || AreZero(x)) && (IsSafe(sums.Distance) || AreSame(x, start));
            total += isSafe ? sums : LaneSums<W, double>.Weights(x, start);
            total += SingleSums.Weights(w[whole..length], initial[whole..length]);
            if (!kept.IsEmpty)
            {
                w[..length].CopyTo(kept);
                kept = kept[length..];
            }
            w = w[length..];
            initial = initial[length..];
        }
        return total;
    }

    public static GradientSums Gradient(ReadOnlySpan<float> g, Span<float> earlier, bool keeps)
    {
        GradientSums total = default;
        while (g.Length > 0)
        {
            int length = Math.Min(Block, g.Length), whole = Whole(length);
            ReadOnlySpan<float> block = g[..length];
            Span<float> before = earlier[..Math.Min(length, earlier.Length)];
            GradientSums sums = before.IsEmpty ? Whole(block[..whole]) : Whole(block[..whole], before[..whole]);
            sums += SingleSums.Gradient(block[whole..], before.IsEmpty ? [] : before[whole..]);
            // What isn't finite is looked for number by number.
            total += double.IsFinite(sums.Squares) ? sums : SingleSums.Gradient(block, before);
            if (keeps) block.CopyTo(before);
            g = g[length..];
            earlier = earlier[before.Length..];
        }
        return total;
    }

    public static SignalSums Signal(ReadOnlySpan<float> x, double low, double high)
    {
        ReadOnlySpan<float> whole = x[..Whole(x.Length)];
        bool isBounded = !double.IsNegativeInfinity(low) || !double.IsPositiveInfinity(high);
        // A variance is a small difference of large sums, so all is added up in float64.
        SignalSums sums = isBounded ? LaneSums<W, double>.Signal(whole, low, high) : LaneSums<W, double>.Signal(whole);
        foreach (double value in x[whole.Length..])
            sums += new SignalSums(value, value * value, isBounded && (value <= low | value >= high) ? 1 : 0);
        return sums;
    }

    private static int Whole(int length) => length - length % Step;

    /// <summary>Without an earlier gradient, which is rare, the same walk with what it says of one left out.</summary>
    private static GradientSums Whole(ReadOnlySpan<float> g) => Whole(g, g) with { Dot = 0, EarlierSquares = 0 };

    private static GradientSums Whole(ReadOnlySpan<float> g, ReadOnlySpan<float> earlier)
    {
        GradientSums sums = LaneSums<V, float>.Gradient(g, earlier);
        bool isSafe = (IsSafe(sums.Squares) || AreZero(g)) && (IsSafe(sums.EarlierSquares) || AreZero(earlier));
        return isSafe ? sums : LaneSums<W, double>.Gradient(g, earlier);
    }

    private static bool IsSafe(double squares) => squares >= Least && squares <= Most;

    // By their bits, as numbers are compared one by one.
    private static bool AreZero(ReadOnlySpan<float> x) =>
        !MemoryMarshal.Cast<float, uint>(x).ContainsAnyExcept(0u, 1u << 31);

    private static bool AreSame(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        MemoryMarshal.Cast<float, uint>(a).SequenceEqual(MemoryMarshal.Cast<float, uint>(b));
}
