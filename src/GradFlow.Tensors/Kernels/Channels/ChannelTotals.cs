using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

/// <summary>The sum of each channel; stretches are added in the order of samples.</summary>
internal sealed class ChannelTotals<T> : ChannelWork<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static ChannelTotals<T>? _ofThread;

    private Tensor _x = null!;
    private T[] _sums = [];

    public static void Run(Tensor x, Tensor into)
    {
        ChannelTotals<T> work = _ofThread ??= new ChannelTotals<T>();
        work._x = x;
        work._sums = Scratch<T>.Fourth(x.Shape[0] * x.Shape[1]);
        work.RunAll(x);
        for (int channel = 0; channel < work.Channels; channel++)
        {
            double sum = 0;
            for (int at = channel; at < work.Samples * work.Channels; at += work.Channels)
                sum += double.CreateTruncating(work._sums[at]);
            into.AsSpan<T>()[channel] = T.CreateChecked(sum);
        }
        work._x = null!;
    }

    protected override void Run(int sample, int channel, int at) =>
        _sums[sample * Channels + channel] = TensorPrimitives.Sum<T>(_x.AsSpan<T>().Slice(at, Places));
}
