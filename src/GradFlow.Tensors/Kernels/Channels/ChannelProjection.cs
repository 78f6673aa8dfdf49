using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>Turns the cotangent of a normalisation's result into that of its input, in place.</summary>
internal sealed class ChannelProjection<T> : ChannelWork<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static ChannelProjection<T>? _ofThread;

    private Tensor _x = null!;
    private ChannelNorm _norm = null!;
    private Tensor _g = null!;
    private Tensor _sums = null!;
    private Tensor _products = null!;

    public static void Run(Tensor x, ChannelNorm norm, Tensor sums, Tensor products, Tensor g)
    {
        ChannelProjection<T> work = _ofThread ??= new ChannelProjection<T>();
        (work._x, work._norm, work._sums, work._products, work._g) = (x, norm, sums, products, g);
        work.RunAll(x);
        (work._x, work._norm, work._sums, work._products, work._g) = (null!, null!, null!, null!, null!);
    }

    protected override void Run(int sample, int channel, int at)
    {
        T inverse = _norm.InverseStd.AsSpan<T>()[channel], share = T.One / T.CreateChecked(Count);
        T slope = _norm.Gain.AsSpan<T>()[channel] * inverse;
        T alongX = -slope * _products.AsSpan<T>()[channel] * inverse * share;
        T alongOnes = -slope * _sums.AsSpan<T>()[channel] * share;
        Project(
            _g.AsSpan<T>().Slice(at, Places), _x.AsSpan<T>().Slice(at, Places), _norm.Mean.AsSpan<T>()[channel], slope,
            alongX, alongOnes);
    }

    /// <summary>g = slope·g + alongX·(x − μ) + alongOnes.</summary>
    private static void Project(Span<T> g, ReadOnlySpan<T> x, T mu, T slope, T alongX, T alongOnes)
    {
        int i = 0, width = Vector<T>.Count;
        Vector<T> centre = new(mu), slopes = new(slope), alongXs = new(alongX), ones = new(alongOnes);
        for (; i <= g.Length - width; i += width)
            (new Vector<T>(g[i..]) * slopes + (new Vector<T>(x[i..]) - centre) * alongXs + ones).CopyTo(g[i..]);
        for (; i < g.Length; i++) g[i] = g[i] * slope + (x[i] - mu) * alongX + alongOnes;
    }
}
