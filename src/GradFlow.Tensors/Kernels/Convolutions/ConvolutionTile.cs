using System.Numerics;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

/// <summary>The innermost loops of convolutions: tiles of sums that stay in registers.</summary>
/// <param name="width">Numbers of one register.</param>
/// <param name="rows">Rows of a product's tile.</param>
/// <param name="vectors">Registers per row of a product's tile.</param>
/// <param name="correlatedRows">Rows of a correlation's tile.</param>
/// <param name="correlatedColumns">Columns of a correlation's tile.</param>
internal abstract class ConvolutionTile<T>(
    int width, int rows, int vectors, int correlatedRows, int correlatedColumns)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The one for this processor.</summary>
    public static ConvolutionTile<T> Best { get; } =
        Vector512.IsHardwareAccelerated ? new WideTile<T>() : new NarrowTile<T>();

    /// <summary>Numbers of one register.</summary>
    public int Width { get; } = width;

    /// <summary>Rows of a product's tile.</summary>
    public int Rows { get; } = rows;

    /// <summary>Numbers per row of a product's tile.</summary>
    public int Length { get; } = vectors * width;

    /// <summary>Rows of a correlation's tile.</summary>
    public int CorrelatedRows { get; } = correlatedRows;

    /// <summary>Columns of a correlation's tile.</summary>
    public int CorrelatedColumns { get; } = correlatedColumns;

    /// <summary>
    /// into[r, p] = Σₖ weights[k, r]·numbers[offsets[k] + p], one chain of multiply-adds in the order of k.
    /// </summary>
    /// <param name="weights">The first of [k, rows].</param>
    /// <param name="numbers">What the offsets count from, at the tile's first position.</param>
    /// <param name="offsets">One for each k.</param>
    /// <param name="into">The tile's first sum.</param>
    /// <param name="stride">Numbers from one row of sums to the next.</param>
    public abstract void Multiply(ref T weights, ref T numbers, ReadOnlySpan<int> offsets, ref T into, int stride);

    /// <summary>
    /// sums[r, c, p mod width] += left[rows[r] + p]·right[columns[c] + p] for all p below a length that is rounded up
    /// to whole registers.
    /// </summary>
    /// <param name="left">What the rows' offsets count from.</param>
    /// <param name="rows">An offset for each row of the tile.</param>
    /// <param name="right">What the columns' offsets count from.</param>
    /// <param name="columns">An offset for each column of the tile.</param>
    /// <param name="length">How many numbers.</param>
    /// <param name="sums">The first of [rows, columns, width].</param>
    public abstract void Correlate(
        ref T left, ReadOnlySpan<int> rows, ref T right, ReadOnlySpan<int> columns, int length, ref T sums);

    /// <summary>Each register's sum.</summary>
    /// <param name="registers">The first number of the first.</param>
    /// <param name="into">A number for each.</param>
    public abstract void Sum(ref T registers, Span<T> into);
}
