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
        double sum = 0;
        long below = 0, above = 0;
        for (int start = first; start < all.Length; start += width)
        {
            T part = T.Zero;
            foreach (T value in all.Slice(start, count))
            {
                part += value;
                below += value < low ? 1 : 0;
                above += value > high ? 1 : 0;
            }
            sum += double.CreateChecked(part);
        }
        double size = (double)(all.Length / width) * count;
        return new ColumnShares(sum / size, below / size, above / size);
    }
}

/// <summary>What <see cref="Kernels.MeasureColumns(Tensor, int, int, double, double)"/> finds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Below">The share below the lower bound, 0 to 1.</param>
/// <param name="Above">The share above the upper bound, 0 to 1.</param>
public readonly record struct ColumnShares(double Mean, double Below, double Above);
