using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// Layer normalisation of single rows, in one pass each over memory: the way back takes a row's mean and deviation
/// anew, as its numbers are near by then, instead of keeping what the way forward had.
/// </summary>
internal readonly ref struct RowNorm<T, V>(ReadOnlySpan<T> gain, T epsilon)
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    private readonly ReadOnlySpan<T> _gain = gain;
    private readonly T _share = T.One / T.CreateChecked(gain.Length);

    /// <summary>y = γ·(x − μ)/σ + β.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Normalize(ReadOnlySpan<T> x, ReadOnlySpan<T> shift, Span<T> y)
    {
        (T mean, T inverse) = Moments(x);
        V mu = V.Fill(mean), factor = V.Fill(inverse);
        int j = 0;
        for (; j <= x.Length - V.Count; j += V.Count)
            V.MultiplyAdd((V.Load(in x[j]) - mu) * factor, V.Load(in _gain[j]), V.Load(in shift[j])).Store(ref y[j]);
        if (j == x.Length) return;
        PackedRows<T, V>.StorePart(y[j..], V.MultiplyAdd(
            (Part(x, j) - mu) * factor, Part(_gain, j), Part(shift, j)));
    }

    /// <summary>
    /// ∂x = (γ∘g − mean(γ∘g) − x̂·mean(γ∘g∘x̂))/σ; adds g∘x̂ to the sums of γ's cotangent and g to those of β's.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pull(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> into, Span<T> gainSums, Span<T> shiftSums)
    {
        (T mean, T inverse) = Moments(x);
        V mu = V.Fill(mean), factor = V.Fill(inverse), sum = V.Fill(T.Zero), moment = sum;
        int whole = x.Length / V.Count * V.Count;
        for (int j = 0; j < whole; j += V.Count)
        {
            V normalized = (V.Load(in x[j]) - mu) * factor, cotangent = V.Load(in g[j]);
            V scaled = cotangent * V.Load(in _gain[j]);
            V.MultiplyAdd(cotangent, normalized, V.Load(in gainSums[j])).Store(ref gainSums[j]);
            (cotangent + V.Load(in shiftSums[j])).Store(ref shiftSums[j]);
            sum += scaled;
            moment = V.MultiplyAdd(scaled, normalized, moment);
        }
        if (whole < x.Length)
        {
            // Behind the row's end x̂ isn't 0, but g is.
            V normalized = (Part(x, whole) - mu) * factor, cotangent = Part(g, whole);
            V scaled = cotangent * Part(_gain, whole);
            PackedRows<T, V>.StorePart(
                gainSums[whole..], V.MultiplyAdd(cotangent, normalized, Part(gainSums, whole)));
            PackedRows<T, V>.StorePart(shiftSums[whole..], cotangent + Part(shiftSums, whole));
            sum += scaled;
            moment = V.MultiplyAdd(scaled, normalized, moment);
        }
        V average = V.Fill(T.CreateTruncating(sum.Total()) * _share);
        V along = V.Fill(T.CreateTruncating(moment.Total()) * _share);
        for (int j = 0; j < whole; j += V.Count)
        {
            V normalized = (V.Load(in x[j]) - mu) * factor, scaled = V.Load(in g[j]) * V.Load(in _gain[j]);
            ((scaled - average - normalized * along) * factor).Store(ref into[j]);
        }
        if (whole == x.Length) return;
        V last = (Part(x, whole) - mu) * factor;
        PackedRows<T, V>.StorePart(
            into[whole..], (Part(g, whole) * Part(_gain, whole) - average - last * along) * factor);
    }

    /// <summary>μ and 1/√(variance + ε), the biased variance in a second pass over the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (T Mean, T Inverse) Moments(ReadOnlySpan<T> x)
    {
        V sum = V.Fill(T.Zero);
        int whole = x.Length / V.Count * V.Count;
        for (int j = 0; j < whole; j += V.Count) sum += V.Load(in x[j]);
        if (whole < x.Length) sum += Part(x, whole);
        T mean = T.CreateTruncating(sum.Total()) * _share;
        V mu = V.Fill(mean), squares = V.Fill(T.Zero);
        for (int j = 0; j < whole; j += V.Count)
        {
            V deviation = V.Load(in x[j]) - mu;
            squares = V.MultiplyAdd(deviation, deviation, squares);
        }
        double total = squares.Total();
        for (int j = whole; j < x.Length; j++)
        {
            double deviation = double.CreateTruncating(x[j] - mean);
            total += deviation * deviation;
        }
        return (mean, T.One / T.Sqrt(T.CreateTruncating(total) * _share + epsilon));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Part(ReadOnlySpan<T> row, int from) => PackedRows<T, V>.LoadPart(row[from..]);
}
