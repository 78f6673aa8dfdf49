using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

/// <summary>
/// Mean and σ⁻¹ of each channel: of every stretch its sum and the squares about its own mean, which are then joined in
/// the order of samples (Chan, Golub &amp; LeVeque 1979).
/// </summary>
internal sealed class ChannelMoments<T> : ChannelWork<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static ChannelMoments<T>? _ofThread;

    private Tensor _x = null!;
    private T[] _moments = [];

    public static void Run(Tensor x, double epsilon, Tensor mean, Tensor inverseStd)
    {
        ChannelMoments<T> work = _ofThread ??= new ChannelMoments<T>();
        work._x = x;
        work._moments = Scratch<T>.Fourth(2 * x.Shape[0] * x.Shape[1]);
        work.RunAll(x);
        for (int channel = 0; channel < work.Channels; channel++)
        {
            (double average, double variance) = work.Joined(channel);
            mean.AsSpan<T>()[channel] = T.CreateChecked(average);
            inverseStd.AsSpan<T>()[channel] = T.CreateChecked(1 / Math.Sqrt(variance + epsilon));
        }
        work._x = null!;
    }

    protected override void Run(int sample, int channel, int at)
    {
        ReadOnlySpan<T> x = _x.AsSpan<T>().Slice(at, Places);
        T sum = TensorPrimitives.Sum(x);
        int moment = 2 * (sample * Channels + channel);
        _moments[moment] = sum;
        _moments[moment + 1] = CentredSquares(x, sum / T.CreateChecked(Places));
    }

    private (double Mean, double Variance) Joined(int channel)
    {
        double sum = 0, squares = 0;
        for (int sample = 0; sample < Samples; sample++) sum += Moment(sample, channel, 0);
        double mean = sum / Count;
        for (int sample = 0; sample < Samples; sample++)
        {
            double difference = Moment(sample, channel, 0) / Places - mean;
            squares += Moment(sample, channel, 1) + Places * difference * difference;
        }
        return (mean, squares / Count);
    }

    private double Moment(int sample, int channel, int which) =>
        double.CreateTruncating(_moments[2 * (sample * Channels + channel) + which]);

    /// <summary>Σ(x − μ)².</summary>
    private static T CentredSquares(ReadOnlySpan<T> x, T mu)
    {
        int i = 0, width = Vector<T>.Count;
        Vector<T> sums = Vector<T>.Zero, centre = new(mu);
        for (; i <= x.Length - width; i += width)
        {
            Vector<T> difference = new Vector<T>(x[i..]) - centre;
            sums += difference * difference;
        }
        T sum = Vector.Sum(sums);
        for (; i < x.Length; i++) sum += (x[i] - mu) * (x[i] - mu);
        return sum;
    }
}
