using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

/// <summary>
/// The cotangent of the weights: over all positions, a channel's cotangent times what the tap met there. Each chunk
/// sums over its samples on its own; the chunks are added in their order.
/// </summary>
/// <param name="plan">The layout.</param>
/// <param name="x">[n, c, h, w].</param>
/// <param name="g">[n, out, h', w'].</param>
/// <param name="partial">[chunks, weights], each chunk's sum.</param>
internal sealed class ConvolutionToWeight<T>(ConvolutionPlan plan, Tensor x, Tensor g, T[] partial)
    : ConvolutionWork<T>(plan, x.Shape[0], MostChunks)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Each chunk costs sums over all registers of all weights.</summary>
    public const int MostChunks = 8;

    private readonly int[] _rows = plan.CorrelatedOffsets(Tile.CorrelatedRows, Tile.CorrelatedColumns).Rows;
    private readonly int[] _columns = plan.CorrelatedOffsets(Tile.CorrelatedRows, Tile.CorrelatedColumns).Columns;

    private int Weights => Plan.How.Groups * Plan.Outputs * Plan.ForwardOffsets.Length;

    private int TileSize => Tile.CorrelatedRows * Tile.CorrelatedColumns * Tile.Width;

    private int Tiles => _rows.Length / Tile.CorrelatedRows * (_columns.Length / Tile.CorrelatedColumns);

    /// <summary>Adds the chunks up.</summary>
    /// <param name="into">[out, c/groups, rows, columns].</param>
    public void SumInto(Span<T> into)
    {
        into.Clear();
        for (int chunk = 0; chunk < Chunks; chunk++)
            TensorPrimitives.Add(into, partial.AsSpan(chunk * Weights, Weights), into);
    }

    protected override void Run(int chunk, int firstSample, int endSample)
    {
        Span<T> padded = Scratch<T>.First(Plan.PaddedLength).AsSpan(0, Plan.PaddedLength);
        Span<T> spread = Scratch<T>.Second(Plan.CotangentLength).AsSpan(0, Plan.CotangentLength);
        int length = checked(Plan.How.Groups * Tiles * TileSize);
        Span<T> sums = Scratch<T>.Third(length).AsSpan(0, length);
        sums.Clear();
        int images = x.Size / x.Shape[0], cotangents = g.Size / g.Shape[0];
        for (int sample = firstSample; sample < endSample; sample++)
        {
            PlaneCopies.Pad(Plan, x.AsSpan<T>().Slice(sample * images, images), padded);
            PlaneCopies.Spread(Plan, g.AsSpan<T>().Slice(sample * cotangents, cotangents), spread);
            for (int group = 0; group < Plan.How.Groups; group++)
                Correlate(
                    ref spread[group * Plan.Outputs * Plan.CotangentSize], ref padded[group * Plan.Inputs * Plan.ChannelSize],
                    sums.Slice(group * Tiles * TileSize, Tiles * TileSize));
        }
        for (int group = 0; group < Plan.How.Groups; group++)
            Reduce(
                sums.Slice(group * Tiles * TileSize, Tiles * TileSize),
                partial.AsSpan(chunk * Weights + group * (Weights / Plan.How.Groups), Weights / Plan.How.Groups));
    }

    private void Correlate(ref T cotangents, ref T numbers, Span<T> sums)
    {
        int at = 0;
        for (int row = 0; row < _rows.Length; row += Tile.CorrelatedRows)
            for (int column = 0; column < _columns.Length; column += Tile.CorrelatedColumns, at += TileSize)
                Tile.Correlate(
                    ref cotangents, _rows.AsSpan(row, Tile.CorrelatedRows),
                    ref numbers, _columns.AsSpan(column, Tile.CorrelatedColumns), Plan.Positions, ref sums[at]);
    }

    /// <summary>Sums over what the lanes of the registers summed; rows and columns that only fill a tile are left out.</summary>
    private void Reduce(Span<T> sums, Span<T> into)
    {
        int columns = Plan.ForwardOffsets.Length, high = Tile.CorrelatedRows, wide = Tile.CorrelatedColumns, at = 0;
        for (int top = 0; top < Plan.Outputs; top += high)
        {
            for (int left = 0; left < columns; left += wide, at += high * wide * Tile.Width)
            {
                int width = Math.Min(wide, columns - left);
                for (int row = 0; row < Math.Min(high, Plan.Outputs - top); row++)
                    Tile.Sum(
                        ref sums[at + row * wide * Tile.Width], into.Slice((top + row) * columns + left, width));
            }
        }
    }
}
