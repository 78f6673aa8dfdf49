using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

/// <summary>The convolution itself: a product of the kernels with what they meet at every position.</summary>
/// <param name="plan">The layout.</param>
/// <param name="x">[n, c, h, w].</param>
/// <param name="weights">As <see cref="Pack"/> laid them out.</param>
/// <param name="bias">[out]; null for none.</param>
/// <param name="into">[n, out, h', w'].</param>
internal sealed class ConvolutionForward<T>(ConvolutionPlan plan, Tensor x, T[] weights, Tensor? bias, Tensor into)
    : ConvolutionWork<T>(plan, x.Shape[0], int.MaxValue)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _stride = RoundedUp(plan.Positions, Tile.Length);

    /// <summary>Room for the weights of a plan.</summary>
    public static int PackedLength(ConvolutionPlan plan) => checked(
        plan.How.Groups * RoundedUp(plan.Outputs, Tile.Rows) * plan.ForwardOffsets.Length);

    /// <summary>Lays weights [out, in, taps] out as [group, block of outputs, in, tap, output in block], ends filled with zeros.</summary>
    public static void Pack(ConvolutionPlan plan, ReadOnlySpan<T> weights, Span<T> packed)
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

    protected override void Run(int chunk, int firstSample, int endSample)
    {
        Span<T> padded = Scratch<T>.First(Plan.PaddedLength).AsSpan(0, Plan.PaddedLength);
        Span<T> sums = Scratch<T>.Second(RoundedUp(Plan.Outputs, Tile.Rows) * _stride);
        int size = x.Size / x.Shape[0];
        for (int sample = firstSample; sample < endSample; sample++)
        {
            PlaneCopies.Pad(Plan, x.AsSpan<T>().Slice(sample * size, size), padded);
            for (int group = 0; group < Plan.How.Groups; group++)
            {
                Multiply(group, padded, sums);
                Store(sample, group, sums);
            }
        }
    }

    private void Multiply(int group, Span<T> padded, Span<T> sums)
    {
        int length = Plan.ForwardOffsets.Length, blocks = RoundedUp(Plan.Outputs, Tile.Rows);
        int from = group * Plan.Inputs * Plan.ChannelSize, packed = group * blocks * length;
        for (int position = 0; position < Plan.Positions; position += Tile.Length)
            for (int row = 0; row < blocks; row += Tile.Rows)
                Tile.Multiply(
                    ref weights[packed + row * length], ref padded[from + position], Plan.ForwardOffsets,
                    ref sums[row * _stride + position], _stride);
    }

    /// <summary>Takes the numbers between the rows out and adds the bias.</summary>
    private void Store(int sample, int group, ReadOnlySpan<T> sums)
    {
        int width = Plan.OutWidth, size = Plan.OutHeight * width;
        for (int channel = 0; channel < Plan.Outputs; channel++)
        {
            int output = group * Plan.Outputs + channel;
            Span<T> to = into.AsSpan<T>().Slice((sample * Plan.How.Groups * Plan.Outputs + output) * size, size);
            PlaneCopies.CopyRows(sums[(channel * _stride)..], Plan.RowLength, to, width, Plan.OutHeight, width);
            if (bias is not null) TensorPrimitives.Add(to, bias.AsSpan<T>()[output], to);
        }
    }
}
