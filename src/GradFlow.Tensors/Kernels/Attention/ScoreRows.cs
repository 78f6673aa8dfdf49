using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// Rows of a block of scores; each is worked on in whole vectors, so columns behind its end are masked.
/// </summary>
internal static class ScoreRows<T, V>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    /// <summary>Columns in whole vectors.</summary>
    public static int Padded(int columns) => (columns + V.Count - 1) / V.Count * V.Count;

    /// <summary>Makes scores that a query doesn't see −∞, so that their weight is 0.</summary>
    /// <param name="scores">The row.</param>
    /// <param name="from">The first column that is seen.</param>
    /// <param name="end">The column behind the last.</param>
    public static void Mask(Span<T> scores, int from, int end)
    {
        if (from > 0) scores[..from].Fill(T.NegativeInfinity);
        if (end < scores.Length) scores[end..].Fill(T.NegativeInfinity);
    }

    /// <summary>The largest score of whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Largest(T[] scores, int at, int columns)
    {
        V largest = PackedRows<T, V>.Load(scores, at);
        for (int j = V.Count; j < columns; j += V.Count)
        {
            V next = PackedRows<T, V>.Load(scores, at + j);
            largest = V.WhereAtMost(next, largest, largest, next);
        }
        return largest.Largest();
    }

    /// <summary>Replaces scores s by e^(scale·s − less), and returns their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exponentials(T[] scores, int at, int columns, T scale, T less)
    {
        V factor = V.Fill(scale), minus = V.Fill(-less), sum = V.Fill(T.Zero);
        for (int j = 0; j < columns; j += V.Count)
        {
            V weight = PackedFunctions<T, V>.Exp(
                V.MultiplyAdd(PackedRows<T, V>.Load(scores, at + j), factor, minus));
            PackedRows<T, V>.Store(scores, at + j, weight);
            sum += weight;
        }
        return T.CreateTruncating(sum.Total());
    }

    /// <summary>
    /// Σ e^u and Σ u·e^u of u = scale·(s − largest), exactly 0 at the largest; a score of −∞ adds nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Sum, T Moment) Moments(T[] scores, int at, int columns, T scale, T largest)
    {
        V factor = V.Fill(scale), most = V.Fill(largest), sum = V.Fill(T.Zero), moment = sum, zero = sum;
        V lowest = V.Fill(T.CreateTruncating(-1e30));
        for (int j = 0; j < columns; j += V.Count)
        {
            V u = (PackedRows<T, V>.Load(scores, at + j) - most) * factor, weight = PackedFunctions<T, V>.Exp(u);
            sum += weight;
            moment += V.WhereAtMost(u, lowest, zero, weight * u);
        }
        return (T.CreateTruncating(sum.Total()), T.CreateTruncating(moment.Total()));
    }

    /// <summary>
    /// Replaces scores s by the weights p = e^(scale·s − logSum), and the weights' cotangents g by the scores',
    /// scale·p·(g − mean).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Differentiate(T[] scores, T[] cotangents, int at, int columns, T scale, T logSum, T mean)
    {
        V factor = V.Fill(scale), minus = V.Fill(-logSum), average = V.Fill(mean);
        for (int j = 0; j < columns; j += V.Count)
        {
            V weight = PackedFunctions<T, V>.Exp(
                V.MultiplyAdd(PackedRows<T, V>.Load(scores, at + j), factor, minus));
            PackedRows<T, V>.Store(scores, at + j, weight);
            V g = PackedRows<T, V>.Load(cotangents, at + j) - average;
            PackedRows<T, V>.Store(cotangents, at + j, weight * factor * g);
        }
    }

    /// <summary>Multiplies a row of an array.</summary>
    public static void Scale(Span<T> row, T factor)
    {
        for (int j = 0; j < row.Length; j++) row[j] *= factor;
    }

    /// <summary>Σ a·b.</summary>
    public static T Dot(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        V sum = V.Fill(T.Zero);
        int j = 0;
        for (; j <= a.Length - V.Count; j += V.Count) sum = V.MultiplyAdd(V.Load(in a[j]), V.Load(in b[j]), sum);
        if (j < a.Length)
            sum = V.MultiplyAdd(PackedRows<T, V>.LoadPart(a[j..]), PackedRows<T, V>.LoadPart(b[j..]), sum);
        return T.CreateTruncating(sum.Total());
    }
}
