using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

/// <summary>A pooling or its cotangent, in chunks of whole channels.</summary>
/// <param name="large">[n, c, h, w].</param>
/// <param name="rows">The window along the height.</param>
/// <param name="columns">The window along the width.</param>
/// <param name="small">[n, c, h', w'].</param>
/// <param name="intoLarge">Whether the large images are summed into rather than read.</param>
internal abstract class PoolingWork<T>(Tensor large, Window rows, Window columns, Tensor small, bool intoLarge)
    : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Numbers below which another thread would cost more than it saves.</summary>
    private const int LeastOfAChunk = 1 << 14;

    private readonly int _channels = large.Shape[0] * large.Shape[1];
    private readonly int _channelsPerChunk = LeastOfAChunk / Math.Max(1, large.Shape[2] * large.Shape[3]) + 1;

    public int Chunks => (_channels + _channelsPerChunk - 1) / _channelsPerChunk;

    protected int Width { get; } = large.Shape[3];

    protected Span<T> Large => large.AsSpan<T>();

    protected Span<T> Small => small.AsSpan<T>();

    public void Run(int chunk)
    {
        int image = large.Shape[2] * Width, height = small.Shape[2], width = small.Shape[3];
        int end = Math.Min(_channels, (chunk + 1) * _channelsPerChunk);
        for (int channel = chunk * _channelsPerChunk; channel < end; channel++)
        {
            if (intoLarge) Large.Slice(channel * image, image).Clear();
            for (int y = 0, at = channel * height * width; y < height; y++)
            {
                Entries down = Entries.Met(rows, y, large.Shape[2]);
                for (int x = 0; x < width; x++, at++) Pool(at, channel * image, down, Entries.Met(columns, x, Width));
            }
        }
    }

    /// <summary>One position: its number, where its image begins, and the rows and columns that it meets.</summary>
    protected abstract void Pool(int at, int image, Entries down, Entries across);
}

/// <summary>What a window meets along one dimension: every so manieth entry from a first up to an end.</summary>
internal readonly record struct Entries(int First, int End, int Step)
{
    public static Entries Met(Window window, int position, int extent)
    {
        int start = position * window.Stride - window.Padding, end = Math.Min(extent, start + window.Reach);
        int skipped = start < 0 ? (window.Dilation - 1 - start) / window.Dilation : 0;
        return new Entries(start + skipped * window.Dilation, end, window.Dilation);
    }
}

/// <summary>The largest entry of each position.</summary>
internal sealed class MaxPooling<T>(Tensor x, Window rows, Window columns, Tensor into)
    : PoolingWork<T>(x, rows, columns, into, intoLarge: false)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Where the largest lies, the first of equal ones, and NaN before any number; −1 where the window meets nothing.
    /// </summary>
    public static int Largest(ReadOnlySpan<T> numbers, int image, int width, Entries down, Entries across)
    {
        int best = -1;
        for (int y = down.First; y < down.End; y += down.Step)
            for (int at = image + y * width + across.First; at < image + y * width + across.End; at += across.Step)
                if (best < 0 || numbers[at] > numbers[best] || (T.IsNaN(numbers[at]) && !T.IsNaN(numbers[best])))
                    best = at;
        return best;
    }

    protected override void Pool(int at, int image, Entries down, Entries across)
    {
        int largest = Largest(Large, image, Width, down, across);
        Small[at] = largest < 0 ? T.NegativeInfinity : Large[largest];
    }
}

/// <summary>Each position's cotangent goes to its largest entry.</summary>
internal sealed class MaxPoolingBackward<T>(Tensor x, Tensor g, Window rows, Window columns, Tensor into)
    : PoolingWork<T>(into, rows, columns, g, intoLarge: true)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected override void Pool(int at, int image, Entries down, Entries across)
    {
        int largest = MaxPooling<T>.Largest(x.AsSpan<T>(), image, Width, down, across);
        if (largest >= 0) Large[largest] += Small[at];
    }
}

/// <summary>The mean over each position's window.</summary>
internal sealed class AveragePooling<T>(Tensor x, Window rows, Window columns, Tensor into)
    : PoolingWork<T>(x, rows, columns, into, intoLarge: false)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T _share = T.One / T.CreateChecked(rows.Size * columns.Size);

    protected override void Pool(int at, int image, Entries down, Entries across)
    {
        T sum = T.Zero;
        for (int y = down.First; y < down.End; y += down.Step)
        {
            ReadOnlySpan<T> row = Large.Slice(image + y * Width, Width);
            if (across.Step == 1) sum += TensorPrimitives.Sum(row[across.First..across.End]);
            else for (int i = across.First; i < across.End; i += across.Step) sum += row[i];
        }
        Small[at] = sum * _share;
    }
}

/// <summary>Each position's cotangent is shared equally by its window.</summary>
internal sealed class AveragePoolingBackward<T>(Tensor g, Window rows, Window columns, Tensor into)
    : PoolingWork<T>(into, rows, columns, g, intoLarge: true)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T _share = T.One / T.CreateChecked(rows.Size * columns.Size);

    protected override void Pool(int at, int image, Entries down, Entries across)
    {
        T share = Small[at] * _share;
        for (int y = down.First; y < down.End; y += down.Step)
        {
            Span<T> row = Large.Slice(image + y * Width, Width);
            for (int i = across.First; i < across.End; i += across.Step) row[i] += share;
        }
    }
}
