using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GradFlow.Tensors;

/// <summary>
/// Sums over float32 numbers in lanes of one kind; each sum has two chains, as one would wait for its own additions.
/// Spans hold whole steps.
/// </summary>
/// <typeparam name="V">Numbers that one instruction works on.</typeparam>
/// <typeparam name="T">What they are added up as.</typeparam>
internal static class LaneSums<V, T>
    where V : struct, IPacked<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static int Step => 2 * V.Count;

    public static double Squares(ReadOnlySpan<float> x)
    {
        V even = default, odd = default;
        ref float from = ref MemoryMarshal.GetReference(x);
        for (int i = 0; i < x.Length; i += Step)
        {
            V a = At(ref from, i), b = At(ref from, i + V.Count);
            even = V.MultiplyAdd(a, a, even);
            odd = V.MultiplyAdd(b, b, odd);
        }
        return (even + odd).Total();
    }

    public static double SquaredDifferences(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        V even = default, odd = default;
        ref float from = ref MemoryMarshal.GetReference(x), other = ref MemoryMarshal.GetReference(y);
        for (int i = 0; i < x.Length; i += Step)
        {
            V a = At(ref from, i) - At(ref other, i), b = At(ref from, i + V.Count) - At(ref other, i + V.Count);
            even = V.MultiplyAdd(a, a, even);
            odd = V.MultiplyAdd(b, b, odd);
        }
        return (even + odd).Total();
    }

    public static WeightSums Weights(ReadOnlySpan<float> w, ReadOnlySpan<float> initial)
    {
        V even = default, odd = default, evenDistance = default, oddDistance = default;
        ref float from = ref MemoryMarshal.GetReference(w), start = ref MemoryMarshal.GetReference(initial);
        for (int i = 0; i < w.Length; i += Step)
        {
            V a = At(ref from, i), b = At(ref from, i + V.Count);
            V da = a - At(ref start, i), db = b - At(ref start, i + V.Count);
            even = V.MultiplyAdd(a, a, even);
            odd = V.MultiplyAdd(b, b, odd);
            evenDistance = V.MultiplyAdd(da, da, evenDistance);
            oddDistance = V.MultiplyAdd(db, db, oddDistance);
        }
        return new WeightSums((even + odd).Total(), (evenDistance + oddDistance).Total());
    }

    public static GradientSums Gradient(ReadOnlySpan<float> g, ReadOnlySpan<float> earlier)
    {
        V squares = default, magnitudes = default, largest = default, zeros = default, dot = default, old = default;
        V moreSquares = default, moreMagnitudes = default, moreZeros = default, moreDot = default, moreOld = default;
        V zero = V.Fill(T.Zero), one = V.Fill(T.One);
        ref float from = ref MemoryMarshal.GetReference(g), other = ref MemoryMarshal.GetReference(earlier);
        for (int i = 0; i < g.Length; i += Step)
        {
            V a = At(ref from, i), b = At(ref from, i + V.Count);
            V oldA = At(ref other, i), oldB = At(ref other, i + V.Count);
            dot = V.MultiplyAdd(a, oldA, dot);
            moreDot = V.MultiplyAdd(b, oldB, moreDot);
            old = V.MultiplyAdd(oldA, oldA, old);
            moreOld = V.MultiplyAdd(oldB, oldB, moreOld);
            a = V.Abs(a);
            b = V.Abs(b);
            squares = V.MultiplyAdd(a, a, squares);
            moreSquares = V.MultiplyAdd(b, b, moreSquares);
            magnitudes += a;
            moreMagnitudes += b;
            zeros += V.WhereAtMost(a, zero, one, zero);
            moreZeros += V.WhereAtMost(b, zero, one, zero);
            largest = Larger(largest, Larger(a, b));
        }
        var sums = new GradientSums(
            (squares + moreSquares).Total(), (magnitudes + moreMagnitudes).Total(), 0, (int)(zeros + moreZeros).Total(),
            0, (dot + moreDot).Total(), (old + moreOld).Total());
        return sums with { MaxAbs = Largest(largest) };
    }

    public static SignalSums Signal(ReadOnlySpan<float> x)
    {
        V sum = default, moreSum = default, squares = default, moreSquares = default;
        ref float from = ref MemoryMarshal.GetReference(x);
        for (int i = 0; i < x.Length; i += Step)
        {
            V a = At(ref from, i), b = At(ref from, i + V.Count);
            sum += a;
            moreSum += b;
            squares = V.MultiplyAdd(a, a, squares);
            moreSquares = V.MultiplyAdd(b, b, moreSquares);
        }
        return new SignalSums((sum + moreSum).Total(), (squares + moreSquares).Total(), 0);
    }

    public static SignalSums Signal(ReadOnlySpan<float> x, double low, double high)
    {
        V sum = default, moreSum = default, squares = default, moreSquares = default, outside = default, more = default;
        V lowest = V.Fill(T.CreateTruncating(low)), highest = V.Fill(T.CreateTruncating(high));
        V zero = V.Fill(T.Zero), one = V.Fill(T.One);
        ref float from = ref MemoryMarshal.GetReference(x);
        for (int i = 0; i < x.Length; i += Step)
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Larger(V a, V b) => V.WhereAtMost(a, b, b, a);

    /// <summary>
    /// The largest lane; called when no lanes are needed any more, as they would be kept in memory all along.
    /// </summary>
    private static double Largest(V x)
    {
        Span<T> numbers = stackalloc T[V.Count];
        x.Store(ref numbers[0]);
        T largest = T.Zero;
        foreach (T number in numbers) largest = T.Max(largest, number);
        return double.CreateTruncating(largest);
    }
}
