using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// Mean of neighbouring columns of sequences, and how much of them lies below and above two bounds.
    /// </summary>
    /// <param name="sequences">Dense, [n, T, f].</param>
    /// <param name="first">The first column.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound.</param>
    /// <param name="lengths">Time steps of each sample that count, from its first; empty where all do.</param>
    /// <exception cref="ArgumentException">No sequences, or none in them, or lengths of others.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Columns that aren't there.</exception>
    public static ColumnShares MeasureColumns(
        Tensor sequences, int first, int count, double low, double high, ReadOnlySpan<int> lengths = default)
    {
        RequireSequences(sequences);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, sequences.Shape[2], nameof(count));
        if (!lengths.IsEmpty && lengths.Length != sequences.Shape[0])
            throw new ArgumentException($"{lengths.Length} lengths of sequences {sequences.Shape}; "
                + "expected one of each");
        return IsFloat(sequences)
            ? MeasureColumns(sequences.AsSpan<float>(), sequences.Shape, first, count, (float)low, (float)high, lengths)
            : MeasureColumns(sequences.AsSpan<double>(), sequences.Shape, first, count, low, high, lengths);
    }

    private static ColumnShares MeasureColumns<T>(
        ReadOnlySpan<T> all, Shape shape, int first, int count, T low, T high, ReadOnlySpan<int> lengths)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (int steps, int width) = (shape[1], shape[2]);
        double sum = 0, below = 0, above = 0, size = 0;
        for (int sample = 0; sample < shape[0]; sample++)
        {
            int length = lengths.IsEmpty ? steps : lengths[sample];
            for (int step = 0; step < length; step++)
            {
                int start = (sample * steps + step) * width + first;
                (T part, T less, T more) = MeasureRow(all.Slice(start, count), low, high);
                sum += double.CreateChecked(part);
                below += double.CreateChecked(less);
                above += double.CreateChecked(more);
            }
            size += (double)length * count;
        }
        return new ColumnShares(sum / size, below / size, above / size);
    }

    /// <summary>A row's sum, and how many of its numbers lie below and above.</summary>
    private static (T Sum, T Below, T Above) MeasureRow<T>(ReadOnlySpan<T> row, T low, T high)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> sums = Vector<T>.Zero, below = sums, above = sums, least = new(low), most = new(high);
        int j = 0;
        for (; j <= row.Length - Vector<T>.Count; j += Vector<T>.Count)
        {
            var x = new Vector<T>(row[j..]);
            sums += x;
            below += Vector.LessThan(x, least) & Vector<T>.One;
            above += Vector.GreaterThan(x, most) & Vector<T>.One;
        }
        (T sum, T less, T more) = (Vector.Sum(sums), Vector.Sum(below), Vector.Sum(above));
        foreach (T x in row[j..])
        {
            sum += x;
            if (x < low) less++;
            if (x > high) more++;
        }
        return (sum, less, more);
    }
}

/// <summary>
/// What <see cref="Kernels.MeasureColumns(Tensor, int, int, double, double, ReadOnlySpan{int})"/> finds.
/// </summary>
/// <param name="Mean">The mean.</param>
/// <param name="Below">The share below the lower bound, 0 to 1.</param>
/// <param name="Above">The share above the upper bound, 0 to 1.</param>
public readonly record struct ColumnShares(double Mean, double Below, double Above);
