using System.Runtime.InteropServices;

namespace GradFlow.Tensors;

/// <summary>
/// Sums over float32 numbers in blocks: within a block in lanes of float32, from block to block in float64, and where
/// squares come near the ends of float32's range, a block once more, number by number in float64.
/// </summary>
/// <typeparam name="V">Numbers that one instruction works on.</typeparam>
internal static partial class BlockSums<V>
    where V : struct, IPacked<V, float>
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
            ReadOnlySpan<float> block = x[..Math.Min(Block, x.Length)];
            int whole = block.Length - block.Length % Step;
            double squares = SquaresOf(block[..whole]);
            bool isSafe = IsSafe(squares) || AreZero(block[..whole]);
            total += isSafe ? squares + SingleSums.Squares(block[whole..]) : SingleSums.Squares(block);
        }
        return total;
    }

    public static double SquaredDifferences(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double total = 0;
        while (a.Length > 0)
        {
            int length = Math.Min(Block, a.Length), whole = length - length % Step;
            ReadOnlySpan<float> blockA = a[..length], blockB = b[..length];
            double squares = SquaredDifferencesOf(blockA[..whole], blockB[..whole]);
            bool isSafe = IsSafe(squares) || AreSame(blockA[..whole], blockB[..whole]);
            total += isSafe
                ? squares + SingleSums.SquaredDifferences(blockA[whole..], blockB[whole..])
                : SingleSums.SquaredDifferences(blockA, blockB);
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
            int length = Math.Min(Block, w.Length), whole = length - length % Step;
            ReadOnlySpan<float> block = w[..length], start = initial[..length];
            WeightSums sums = WeightsOf(block[..whole], start[..whole]);
            bool isSafe = (IsSafe(sums.Squares) || AreZero(block[..whole]))
                && (IsSafe(sums.Distance) || AreSame(block[..whole], start[..whole]));
            total += isSafe
                ? sums + SingleSums.Weights(block[whole..], start[whole..])
                : SingleSums.Weights(block, start);
            if (!kept.IsEmpty)
            {
                block.CopyTo(kept);
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
            int length = Math.Min(Block, g.Length), whole = length - length % Step;
            ReadOnlySpan<float> block = g[..length];
            Span<float> before = earlier[..Math.Min(length, earlier.Length)];
            total += GradientBlock(block, before, whole);
            if (keeps) block.CopyTo(before);
            g = g[length..];
            earlier = earlier[before.Length..];
        }
        return total;
    }

    private static bool IsSafe(double squares) => squares >= Least && squares <= Most;

    // By their bits, as numbers are compared one by one.
    private static bool AreZero(ReadOnlySpan<float> x) =>
        !MemoryMarshal.Cast<float, uint>(x).ContainsAnyExcept(0u, 1u << 31);

    private static bool AreSame(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        MemoryMarshal.Cast<float, uint>(a).SequenceEqual(MemoryMarshal.Cast<float, uint>(b));

    private static GradientSums GradientBlock(ReadOnlySpan<float> g, ReadOnlySpan<float> earlier, int whole)
    {
        if (earlier.IsEmpty)
        {
            GradientSums own = GradientOf(g[..whole]);
            return IsSafe(own.Squares) || AreZero(g[..whole])
                ? own + SingleSums.Gradient(g[whole..], [])
                : SingleSums.Gradient(g, []);
        }
        GradientSums sums = GradientOf(g[..whole], earlier[..whole]);
        bool isSafe = (IsSafe(sums.Squares) || AreZero(g[..whole]))
            && (IsSafe(sums.EarlierSquares) || AreZero(earlier[..whole]));
        return isSafe ? sums + SingleSums.Gradient(g[whole..], earlier[whole..]) : SingleSums.Gradient(g, earlier);
    }
}
