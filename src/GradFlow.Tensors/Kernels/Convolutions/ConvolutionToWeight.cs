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
    /// <summary>Each chunk costs a copy of the weights.</summary>
    public const int MostChunks = 16;

    private readonly int[] _rows = OffsetsOf(Tile.CorrelatedRows, plan.Outputs, i => plan.Front + i * plan.CotangentSize);
    private readonly int[] _columns =
        OffsetsOf(Tile.CorrelatedColumns, plan.ForwardOffsets.Length, k => plan.ForwardOffsets[k]);

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

    private static int[] OffsetsOf(int unit, int count, Func<int, int> offset) =>
        [.. Enumerable.Range(0, RoundedUp(count, unit)).Select(i => offset(Math.Min(i, count - 1)))];

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
    private void Reduce(ReadOnlySpan<T> sums, Span<T> into)
    {
        int columns = Plan.ForwardOffsets.Length, across = _columns.Length / Tile.CorrelatedColumns;
        for (int i = 0; i < Plan.Outputs * columns; i++)
        {
            int row = i / columns, column = i % columns;
            int tile = row / Tile.CorrelatedRows * across + column / Tile.CorrelatedColumns;
            int entry = row % Tile.CorrelatedRows * Tile.CorrelatedColumns + column % Tile.CorrelatedColumns;
            into[i] = TensorPrimitives.Sum(sums.Slice(tile * TileSize + entry * Tile.Width, Tile.Width));
        }
    }
}
