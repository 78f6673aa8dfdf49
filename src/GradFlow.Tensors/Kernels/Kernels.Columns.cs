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
    /// <exception cref="ArgumentException">No sequences, or none in them.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Columns that aren't there.</exception>
    public static ColumnShares MeasureColumns(Tensor sequences, int first, int count, double low, double high)
    {
        RequireSequences(sequences);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, sequences.Shape[2], nameof(count));
        return IsFloat(sequences)
            ? MeasureColumns<float>(sequences.AsSpan<float>(), sequences.Shape[2], first, count, (float)low, (float)high)
            : MeasureColumns(sequences.AsSpan<double>(), sequences.Shape[2], first, count, low, high);
    }

    private static ColumnShares MeasureColumns<T>(ReadOnlySpan<T> all, int width, int first, int count, T low, T high)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double sum = 0, below = 0, above = 0;
        for (int start = first; start < all.Length; start += width)
        {
            (T part, T less, T more) = MeasureRow(all.Slice(start, count), low, high);
            sum += double.CreateChecked(part);
            below += double.CreateChecked(less);
            above += double.CreateChecked(more);
        }
        double size = (double)(all.Length / width) * count;
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

/// <summary>What <see cref="Kernels.MeasureColumns(Tensor, int, int, double, double)"/> finds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Below">The share below the lower bound, 0 to 1.</param>
/// <param name="Above">The share above the upper bound, 0 to 1.</param>
public readonly record struct ColumnShares(double Mean, double Below, double Above);
