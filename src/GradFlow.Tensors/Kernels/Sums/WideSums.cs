using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GradFlow.Tensors;

/// <summary>
/// Sums over float32 numbers in lanes of float64, for what is a small difference of large sums, such as a variance.
/// </summary>
/// <typeparam name="V">Numbers that one instruction works on.</typeparam>
internal static class WideSums<V>
    where V : struct, IPacked<V, double>
{
    public static SignalSums Signal(ReadOnlySpan<float> x, double low, double high)
    {
        int whole = x.Length - x.Length % (2 * V.Count);
        bool isBounded = !double.IsNegativeInfinity(low) || !double.IsPositiveInfinity(high);
        SignalSums sums = isBounded ? SignalOf(x[..whole], low, high) : SignalOf(x[..whole]);
        foreach (double value in x[whole..])
            sums += new SignalSums(value, value * value, isBounded && (value <= low | value >= high) ? 1 : 0);
        return sums;
    }

    private static SignalSums SignalOf(ReadOnlySpan<float> x)
    {
        V sum = default, moreSum = default, squares = default, moreSquares = default;
        ref float from = ref MemoryMarshal.GetReference(x);
        for (int i = 0; i < x.Length; i += 2 * V.Count)
        {
            V a = At(ref from, i), b = At(ref from, i + V.Count);
            sum += a;
            moreSum += b;
            squares = V.MultiplyAdd(a, a, squares);
            moreSquares = V.MultiplyAdd(b, b, moreSquares);
        }
        return new SignalSums((sum + moreSum).Total(), (squares + moreSquares).Total(), 0);
    }

    private static SignalSums SignalOf(ReadOnlySpan<float> x, double low, double high)
    {
        V sum = default, moreSum = default, squares = default, moreSquares = default, outside = default, more = default;
        V lowest = V.Fill(low), highest = V.Fill(high), zero = V.Fill(0), one = V.Fill(1);
        ref float from = ref MemoryMarshal.GetReference(x);
        for (int i = 0; i < x.Length; i += 2 * V.Count)
        {
            V a = At(ref from, i), b = At(ref from, i + V.Count);
            sum += a;
            moreSum += b;
            squares = V.MultiplyAdd(a, a, squares);
            moreSquares = V.MultiplyAdd(b, b, moreSquares);
            outside += V.WhereAtMost(a, lowest, one, V.WhereAtMost(highest, a, one, zero));
            more += V.WhereAtMost(b, lowest, one, V.WhereAtMost(highest, b, one, zero));
        }
        return new SignalSums(
            (sum + moreSum).Total(), (squares + moreSquares).Total(), (int)(outside + more).Total());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V At(ref float from, int i) => V.LoadSingles(ref Unsafe.Add(ref from, i));
}
