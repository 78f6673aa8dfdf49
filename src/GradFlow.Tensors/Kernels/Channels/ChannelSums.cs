using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// The sums that a normalisation's cotangent needs, Σg and Σg·x̂ per channel; where a rectifier stands behind it, the
/// cotangent of what it let through, which is written on the way. Stretches are added in the order of samples.
/// </summary>
internal sealed class ChannelSums<T> : ChannelWork<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static ChannelSums<T>? _ofThread;

    private Tensor _x = null!;
    private ChannelNorm _norm = null!;
    private bool _isRectified;
    private Tensor? _rectified;
    private Tensor _g = null!;
    private T[] _sums = [];

    public static void Run(
        Tensor x, ChannelNorm norm, bool isRectified, Tensor? rectified, Tensor g, Tensor sums, Tensor products)
    {
        ChannelSums<T> work = _ofThread ??= new ChannelSums<T>();
        (work._x, work._norm, work._g) = (x, norm, g);
        (work._isRectified, work._rectified) = (isRectified, rectified);
        work._sums = Scratch<T>.Fourth(2 * x.Shape[0] * x.Shape[1]);
        work.RunAll(x);
        for (int channel = 0; channel < work.Channels; channel++) work.Join(channel, sums, products);
        (work._x, work._norm, work._rectified, work._g) = (null!, null!, null, null!);
    }

    protected override void Run(int sample, int channel, int at)
    {
        ReadOnlySpan<T> x = _x.AsSpan<T>().Slice(at, Places);
        Span<T> g = _g.AsSpan<T>().Slice(at, Places);
        (T mu, T slope, T offset) = _norm.Of<T>(channel);
        if (_rectified is not null) Mask(_rectified.AsSpan<T>().Slice(at, Places), g);
        int sum = 2 * (sample * Channels + channel);
        (_sums[sum], _sums[sum + 1]) =
            _isRectified && _rectified is null ? MaskAndSum(g, x, mu, slope, offset) : Sum(g, x, mu);
    }

    private void Join(int channel, Tensor sums, Tensor products)
    {
        double sum = 0, product = 0;
        for (int at = channel; at < Samples * Channels; at += Channels)
        {
            sum += double.CreateTruncating(_sums[2 * at]);
            product += double.CreateTruncating(_sums[2 * at + 1]);
        }
        sums.AsSpan<T>()[channel] = T.CreateChecked(sum);
        products.AsSpan<T>()[channel] =
            T.CreateChecked(product * double.CreateTruncating(_norm.InverseStd.AsSpan<T>()[channel]));
    }

    /// <summary>Σg and Σg·(x − μ).</summary>
    private static (T Sum, T Product) Sum(ReadOnlySpan<T> g, ReadOnlySpan<T> x, T mu)
    {
        int i = 0, width = Vector<T>.Count;
        Vector<T> sums = Vector<T>.Zero, products = Vector<T>.Zero, centre = new(mu);
        for (; i <= g.Length - width; i += width)
        {
            Vector<T> cotangent = new(g[i..]);
            sums += cotangent;
            products += cotangent * (new Vector<T>(x[i..]) - centre);
        }
        T sum = Vector.Sum(sums), product = Vector.Sum(products);
        for (; i < g.Length; i++)
        {
            sum += g[i];
            product += g[i] * (x[i] - mu);
        }
        return (sum, product);
    }

    /// <summary>Sets g to 0 where y isn't positive.</summary>
    private static void Mask(ReadOnlySpan<T> y, Span<T> g)
    {
        int i = 0, width = Vector<T>.Count;
        for (; i <= g.Length - width; i += width)
            Kernels.RectifiedBackward(new Vector<T>(y[i..]), new Vector<T>(g[i..])).CopyTo(g[i..]);
        for (; i < g.Length; i++) g[i] = Kernels.RectifiedBackward(y[i], g[i]);
    }

    /// <summary>Sets g to 0 where (x − μ)·slope + offset isn't positive, and sums as <see cref="Sum"/> does.</summary>
    private static (T Sum, T Product) MaskAndSum(Span<T> g, ReadOnlySpan<T> x, T mu, T slope, T offset)
    {
        int i = 0, width = Vector<T>.Count;
        Vector<T> sums = Vector<T>.Zero, products = Vector<T>.Zero;
        Vector<T> centre = new(mu), slopes = new(slope), offsets = new(offset);
        for (; i <= g.Length - width; i += width)
        {
            Vector<T> centred = new Vector<T>(x[i..]) - centre;
            Vector<T> cotangent = Kernels.RectifiedBackward(centred * slopes + offsets, new Vector<T>(g[i..]));
            cotangent.CopyTo(g[i..]);
            sums += cotangent;
            products += cotangent * centred;
        }
        T sum = Vector.Sum(sums), product = Vector.Sum(products);
        for (; i < g.Length; i++)
        {
            g[i] = Kernels.RectifiedBackward((x[i] - mu) * slope + offset, g[i]);
            sum += g[i];
            product += g[i] * (x[i] - mu);
        }
        return (sum, product);
    }
}
