using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// The cotangent of the images: every padded entry gets that of the positions that met it, each times the weight by
/// which it did. In the plan's layout that is a convolution again, plane by plane.
/// </summary>
internal static class ConvolutionToInput<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly ConvolutionTile<T> Tile = ConvolutionTile<T>.Best;

    /// <summary>Room for the weights of a plan.</summary>
    public static int PackedLength(ConvolutionPlan plan) =>
        checked(plan.How.Groups * RoundedUp(plan.Inputs, Tile.Rows) * plan.Outputs * plan.How.Taps);

    /// <summary>
    /// Lays weights [out, in, taps] out as [group, plane, block of inputs, out, tap of plane, input in block], ends
    /// filled with zeros.
    /// </summary>
    public static void Pack(ConvolutionPlan plan, ReadOnlySpan<T> weights, Span<T> packed)
    {
        int rows = Tile.Rows, at = 0, size = plan.Outputs * plan.Inputs * plan.How.Taps;
        packed.Clear();
        for (int group = 0; group < plan.How.Groups; group++, weights = weights[size..])
        {
            foreach (Plane plane in plan.Planes)
            {
                int length = plane.BackwardOffsets.Length, from = 0;
                for (int k = 0; k < length; k += plane.Taps.Length)
                    for (int input = 0; input < plan.Inputs; input++, from += plan.How.Taps)
                        for (int tap = 0; tap < plane.Taps.Length; tap++)
                            packed[at + input / rows * rows * length + (k + tap) * rows + input % rows] =
                                weights[from + plane.Taps[tap].Index];
                at += RoundedUp(plan.Inputs, rows) * length;
            }
        }
    }

    /// <summary>One sample.</summary>
    /// <param name="plan">The layout.</param>
    /// <param name="weights">As <see cref="Pack"/> laid them out.</param>
    /// <param name="spread">The result's cotangent between zeros.</param>
    /// <param name="images">[c, h, w], to be written.</param>
    /// <param name="ahead">What is read next.</param>
    public static void Run(
        ConvolutionPlan plan, T[] weights, Span<T> spread, Span<T> images, ref Ahead<T> ahead)
    {
        if (!plan.IsSimple) images.Clear();
        int packed = 0;
        for (int group = 0; group < plan.How.Groups; group++)
        {
            Span<T> cotangents = spread[(group * plan.Outputs * plan.CotangentSize)..];
            Span<T> into = images[(group * plan.Inputs * plan.Height * plan.Width)..];
            foreach (Plane plane in plan.Planes)
            {
                MultiplyInto(plan, plane, weights.AsSpan(packed), cotangents, into, ref ahead);
                packed += RoundedUp(plan.Inputs, Tile.Rows) * plane.BackwardOffsets.Length;
            }
        }
    }

    private static void MultiplyInto(
        ConvolutionPlan plan, Plane plane, Span<T> weights, Span<T> cotangents, Span<T> images, ref Ahead<T> ahead)
    {
        int length = plane.BackwardOffsets.Length, stride = RoundedUp(plan.PlaneSize, Tile.Length);
        Span<T> sums = Scratch<T>.Second(RoundedUp(plan.Inputs, Tile.Rows) * stride);
        (int first, int count) = plan.RowsOf(plane);
        int start = first * plan.RowLength, size = plan.Height * plan.Width;
        for (int at = 0; at < count * plan.RowLength; at += Tile.Length)
            for (int row = 0; row < plan.Inputs; row += Tile.Rows)
            {
                ahead.Fetch();
                Tile.Multiply(
                    ref weights[row * length], ref cotangents[start + at], plane.BackwardOffsets,
                    ref sums[row * stride + at], stride);
            }
        for (int channel = 0; channel < plan.Inputs; channel++)
            PlaneCopies.AddTo(
                plan, plane, first, sums.Slice(channel * stride, count * plan.RowLength),
                images.Slice(channel * size, size));
    }

    private static int RoundedUp(int length, int unit) => (length + unit - 1) / unit * unit;
}
