using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GradFlow.Tensors;

// The loops over whole lanes; each has two chains per sum, as one would wait for its own additions.
internal static partial class BlockSums<V>
{
    private static double SquaresOf(ReadOnlySpan<float> x)
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

    private static double SquaredDifferencesOf(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
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

    private static WeightSums WeightsOf(ReadOnlySpan<float> w, ReadOnlySpan<float> initial)
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

    private static GradientSums GradientOf(ReadOnlySpan<float> g)
    {
        V squares = default, magnitudes = default, largest = default, zeros = default;
        V moreSquares = default, moreMagnitudes = default, moreZeros = default;
        V zero = V.Fill(0), one = V.Fill(1);
        ref float from = ref MemoryMarshal.GetReference(g);
        for (int i = 0; i < g.Length; i += Step)
        {
            V a = V.Abs(At(ref from, i)), b = V.Abs(At(ref from, i + V.Count));
            squares = V.MultiplyAdd(a, a, squares);
            moreSquares = V.MultiplyAdd(b, b, moreSquares);
            magnitudes += a;
            moreMagnitudes += b;
            zeros += V.WhereAtMost(a, zero, one, zero);
            moreZeros += V.WhereAtMost(b, zero, one, zero);
            largest = Larger(largest, Larger(a, b));
        }
        var sums = new GradientSums(
            (squares + moreSquares).Total(), (magnitudes + moreMagnitudes).Total(), 0, (int)(zeros + moreZeros).Total(), 0, 0, 0);
        return sums with { MaxAbs = Largest(largest) };
    }

    private static GradientSums GradientOf(ReadOnlySpan<float> g, ReadOnlySpan<float> earlier)
    {
        V squares = default, magnitudes = default, largest = default, zeros = default, dot = default, old = default;
        V moreSquares = default, moreMagnitudes = default, moreZeros = default, moreDot = default, moreOld = default;
        V zero = V.Fill(0), one = V.Fill(1);
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
            (squares + moreSquares).Total(), (magnitudes + moreMagnitudes).Total(), 0, (int)(zeros + moreZeros).Total(), 0,
            (dot + moreDot).Total(), (old + moreOld).Total());
        return sums with { MaxAbs = Largest(largest) };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V At(ref float from, int i) => V.Load(ref Unsafe.Add(ref from, i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Larger(V a, V b) => V.WhereAtMost(a, b, b, a);

    /// <summary>The largest lane; called when no lanes are needed any more, as they would be kept in memory all along.</summary>
    private static double Largest(V x)
    {
        Span<float> numbers = stackalloc float[V.Count];
        x.Store(ref numbers[0]);
        float largest = 0;
        foreach (float number in numbers) largest = Math.Max(largest, number);
        return largest;
    }
}
