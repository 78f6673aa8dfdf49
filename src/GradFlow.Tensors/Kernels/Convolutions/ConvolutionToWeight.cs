using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// The cotangent of the weights: over all positions, a channel's cotangent times what the tap met there. Each lane of
/// the registers sums over the samples on its own; at the end the lanes are summed.
/// </summary>
internal static class ConvolutionToWeight<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly ConvolutionTile<T> Tile = ConvolutionTile<T>.Best;

    private static int TileSize => Tile.CorrelatedRows * Tile.CorrelatedColumns * Tile.Width;

    /// <summary>Sums over no sample yet, of the calling thread.</summary>
    public static Span<T> EmptySums(ConvolutionPlan plan)
    {
        int length = checked(plan.How.Groups * GroupSize(plan));
        Span<T> sums = Scratch<T>.Sixth(length).AsSpan(0, length);
        sums.Clear();
        return sums;
    }

    /// <summary>Adds one sample.</summary>
    /// <param name="plan">The layout.</param>
    /// <param name="padded">The images in padded planes.</param>
    /// <param name="spread">The result's cotangent between zeros.</param>
    /// <param name="sums">What was summed so far.</param>
    public static void Add(ConvolutionPlan plan, Span<T> padded, Span<T> spread, Span<T> sums)
    {
        (int[] rows, int[] columns) = Offsets(plan);
        int at = 0, high = Tile.CorrelatedRows, wide = Tile.CorrelatedColumns;
        for (int group = 0; group < plan.How.Groups; group++)
        {
            ref T cotangents = ref spread[group * plan.Outputs * plan.CotangentSize];
            ref T numbers = ref padded[group * plan.Inputs * plan.ChannelSize];
            for (int row = 0; row < rows.Length; row += high)
                for (int column = 0; column < columns.Length; column += wide, at += TileSize)
                    Tile.Correlate(
                        ref cotangents, rows.AsSpan(row, high), ref numbers, columns.AsSpan(column, wide),
                        plan.Positions, ref sums[at]);
        }
    }

    /// <summary>
    /// Sums over what the lanes of the registers summed; rows and columns that only fill a tile are left out.
    /// </summary>
    /// <param name="plan">The layout.</param>
    /// <param name="sums">All samples' sums.</param>
    /// <param name="into">[out, c/groups, rows, columns].</param>
    public static void Reduce(ConvolutionPlan plan, Span<T> sums, Span<T> into)
    {
        int columns = plan.ForwardOffsets.Length, high = Tile.CorrelatedRows, wide = Tile.CorrelatedColumns, at = 0;
        for (int group = 0; group < plan.How.Groups; group++, into = into[(plan.Outputs * columns)..])
        {
            for (int top = 0; top < plan.Outputs; top += high)
            {
                for (int left = 0; left < columns; left += wide, at += TileSize)
                {
                    int width = Math.Min(wide, columns - left);
                    for (int row = 0; row < Math.Min(high, plan.Outputs - top); row++)
                        Tile.Sum(
                            ref sums[at + row * wide * Tile.Width], into.Slice((top + row) * columns + left, width));
                }
            }
        }
    }

    private static (int[] Rows, int[] Columns) Offsets(ConvolutionPlan plan) =>
        plan.CorrelatedOffsets(Tile.CorrelatedRows, Tile.CorrelatedColumns);

    private static int GroupSize(ConvolutionPlan plan)
    {
        (int[] rows, int[] columns) = Offsets(plan);
        return rows.Length / Tile.CorrelatedRows * (columns.Length / Tile.CorrelatedColumns) * TileSize;
    }
}
