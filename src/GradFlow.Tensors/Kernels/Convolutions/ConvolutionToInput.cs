using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// The cotangent of the images: every padded entry gets that of the positions that met it, each times the weight by
/// which it did. In the plan's layout that is a convolution again, plane by plane.
/// </summary>
/// <param name="plan">The layout.</param>
/// <param name="g">[n, out, h', w'].</param>
/// <param name="weights">As <see cref="Pack"/> laid them out.</param>
/// <param name="into">[n, c, h, w].</param>
internal sealed class ConvolutionToInput<T>(ConvolutionPlan plan, Tensor g, T[] weights, Tensor into)
    : ConvolutionWork<T>(plan, g.Shape[0], int.MaxValue)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _stride = RoundedUp(plan.PlaneSize, Tile.Length);

    /// <summary>Room for the weights of a plan.</summary>
    public static int PackedLength(ConvolutionPlan plan) => checked(
        plan.How.Groups * RoundedUp(plan.Inputs, Tile.Rows) * plan.Outputs * plan.How.Taps);

    /// <summary>
    /// Lays weights [out, in, taps] out as [group, plane, block of inputs, out, tap of plane, input in block], ends filled
    /// with zeros.
    /// </summary>
    public static void Pack(ConvolutionPlan plan, ReadOnlySpan<T> weights, Span<T> packed)
    {
        int rows = Tile.Rows, at = 0, size = plan.Outputs * plan.Inputs * plan.How.Taps;
        packed.Clear();
        for (int group = 0; group < plan.How.Groups; group++)
        {
            foreach (Plane plane in plan.Planes)
            {
                int length = plane.BackwardOffsets.Length, taps = plane.Taps.Length;
                for (int i = 0; i < plan.Inputs * length; i++)
                {
                    int input = i / length, k = i % length, output = k / taps;
                    packed[at + input / rows * rows * length + k * rows + input % rows] = weights[
                        group * size + (output * plan.Inputs + input) * plan.How.Taps + plane.Taps[k % taps].Index];
                }
                at += RoundedUp(plan.Inputs, rows) * length;
            }
        }
    }

    protected override void Run(int chunk, int firstSample, int endSample)
    {
        Span<T> spread = Scratch<T>.First(Plan.CotangentLength).AsSpan(0, Plan.CotangentLength);
        Span<T> sums = Scratch<T>.Second(RoundedUp(Plan.Inputs, Tile.Rows) * _stride);
        int size = g.Size / g.Shape[0], inputs = into.Size / into.Shape[0];
        for (int sample = firstSample; sample < endSample; sample++)
        {
            PlaneCopies.Spread(Plan, g.AsSpan<T>().Slice(sample * size, size), spread);
            Span<T> images = into.AsSpan<T>().Slice(sample * inputs, inputs);
            if (!Plan.IsSimple) images.Clear();
            int packed = 0;
            for (int group = 0; group < Plan.How.Groups; group++)
            {
                foreach (Plane plane in Plan.Planes)
                {
                    MultiplyInto(images, group, plane, packed, spread, sums);
                    packed += RoundedUp(Plan.Inputs, Tile.Rows) * plane.BackwardOffsets.Length;
                }
            }
        }
    }

    private void MultiplyInto(Span<T> images, int group, Plane plane, int packed, Span<T> spread, Span<T> sums)
    {
        int length = plane.BackwardOffsets.Length, from = group * Plan.Outputs * Plan.CotangentSize;
        (int first, int count) = Plan.RowsOf(plane);
        int start = first * Plan.RowLength, size = Plan.Height * Plan.Width;
        for (int at = 0; at < count * Plan.RowLength; at += Tile.Length)
            for (int row = 0; row < Plan.Inputs; row += Tile.Rows)
                Tile.Multiply(
                    ref weights[packed + row * length], ref spread[from + start + at], plane.BackwardOffsets,
                    ref sums[row * _stride + at], _stride);
        for (int channel = 0; channel < Plan.Inputs; channel++)
            PlaneCopies.AddTo(
                Plan, plane, first, sums.Slice(channel * _stride, count * Plan.RowLength),
                images.Slice((group * Plan.Inputs + channel) * size, size));
    }
}
