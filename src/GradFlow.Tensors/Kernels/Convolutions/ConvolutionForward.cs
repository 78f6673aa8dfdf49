using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

/// <summary>The convolution itself: a product of the kernels with what they meet at every position.</summary>
internal sealed class ConvolutionForward<T> : ConvolutionWork<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static ConvolutionForward<T>? _ofThread;

    private Tensor _x = null!;
    private ChannelNorm? _rectified;
    private T[] _weights = [];
    private Tensor? _bias;
    private Tensor _into = null!;
    private int _stride;

    /// <summary>Convolves.</summary>
    /// <param name="plan">The layout.</param>
    /// <param name="x">[n, c, h, w].</param>
    /// <param name="rectified">How x becomes the images; null where it is them.</param>
    /// <param name="weight">[out, c/groups, rows, columns].</param>
    /// <param name="bias">[out]; null for none.</param>
    /// <param name="into">[n, out, h', w'].</param>
    public static void Run(
        ConvolutionPlan plan, Tensor x, ChannelNorm? rectified, Tensor weight, Tensor? bias, Tensor into)
    {
        ConvolutionForward<T> work = _ofThread ??= new ConvolutionForward<T>();
        int length = checked(plan.How.Groups * RoundedUp(plan.Outputs, Tile.Rows) * plan.ForwardOffsets.Length);
        (work._x, work._rectified) = (x, rectified);
        (work._weights, work._bias, work._into) = (Scratch<T>.Third(length), bias, into);
        work._stride = RoundedUp(plan.Positions, Tile.Length);
        Pack(plan, weight.AsSpan<T>(), work._weights.AsSpan(0, length));
        work.RunAll(plan, x.Shape[0], int.MaxValue);
        (work._x, work._rectified, work._bias, work._into) = (null!, null, null, null!);
    }

    protected override void Run(int chunk, int firstSample, int endSample)
    {
        Span<T> padded = Scratch<T>.First(Plan.PaddedLength).AsSpan(0, Plan.PaddedLength);
        Span<T> sums = Scratch<T>.Second(RoundedUp(Plan.Outputs, Tile.Rows) * _stride);
        int size = _x.Size / _x.Shape[0], results = _into.Size / _x.Shape[0];
        padded.Clear();
        for (int sample = firstSample; sample < endSample; sample++)
        {
            PlaneCopies.Pad(Plan, _x.AsSpan<T>().Slice(sample * size, size), _rectified, padded);
            var ahead = new Ahead<T>(
                _into.AsSpan<T>().Slice(sample * results, results),
                sample + 1 < endSample ? _x.AsSpan<T>().Slice((sample + 1) * size, size) : []);
            for (int group = 0; group < Plan.How.Groups; group++)
            {
                Multiply(group, padded, sums, ref ahead);
                Store(sample, group, sums);
            }
        }
    }

    /// <summary>
    /// Lays weights [out, in, taps] out as [group, block of outputs, in, tap, output in block], ends filled with zeros.
    /// </summary>
    private static void Pack(ConvolutionPlan plan, ReadOnlySpan<T> weights, Span<T> packed)
    {
        int length = plan.ForwardOffsets.Length, rows = Tile.Rows;
        packed.Clear();
        for (int group = 0, from = 0, at = 0; group < plan.How.Groups; group++)
        {
            for (int output = 0; output < plan.Outputs; output++, from += length)
            {
                Span<T> block = packed[(at + output / rows * rows * length + output % rows)..];
                for (int k = 0; k < length; k++) block[k * rows] = weights[from + k];
            }
            at += RoundedUp(plan.Outputs, rows) * length;
        }
    }

    private void Multiply(int group, Span<T> padded, Span<T> sums, ref Ahead<T> ahead)
    {
        int length = Plan.ForwardOffsets.Length, blocks = RoundedUp(Plan.Outputs, Tile.Rows);
        int from = group * Plan.Inputs * Plan.ChannelSize, packed = group * blocks * length;
        for (int position = 0; position < Plan.Positions; position += Tile.Length)
        {
            for (int row = 0; row < blocks; row += Tile.Rows)
            {
                ahead.Fetch();
                Tile.Multiply(
                    ref _weights[packed + row * length], ref padded[from + position], Plan.ForwardOffsets,
                    ref sums[row * _stride + position], _stride);
            }
        }
    }

    /// <summary>Takes the numbers between the rows out and adds the bias.</summary>
    private void Store(int sample, int group, ReadOnlySpan<T> sums)
    {
        int width = Plan.OutWidth, size = Plan.OutHeight * width;
        for (int channel = 0; channel < Plan.Outputs; channel++)
        {
            int output = group * Plan.Outputs + channel;
            Span<T> to = _into.AsSpan<T>().Slice((sample * Plan.How.Groups * Plan.Outputs + output) * size, size);
            PlaneCopies.CopyRows(sums[(channel * _stride)..], Plan.RowLength, to, width, Plan.OutHeight, width);
            if (_bias is not null) TensorPrimitives.Add(to, _bias.AsSpan<T>()[output], to);
        }
    }
}
