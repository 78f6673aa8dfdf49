using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>A normalisation, and where asked for an addition and a rectifier behind it, in one walk.</summary>
internal sealed class ChannelMap<T> : ChannelWork<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [ThreadStatic]
    private static ChannelMap<T>? _ofThread;

    private Tensor _x = null!;
    private ChannelNorm _norm = null!;
    private Tensor? _added;
    private bool _isRectified;
    private Tensor _into = null!;

    public static void Run(Tensor x, ChannelNorm norm, Tensor? added, bool isRectified, Tensor into)
    {
        ChannelMap<T> work = _ofThread ??= new ChannelMap<T>();
        (work._x, work._norm, work._added, work._isRectified, work._into) = (x, norm, added, isRectified, into);
        work.RunAll(x);
        (work._x, work._norm, work._added, work._into) = (null!, null!, null, null!);
    }

    protected override void Run(int sample, int channel, int at)
    {
        ReadOnlySpan<T> x = _x.AsSpan<T>().Slice(at, Places);
        Span<T> into = _into.AsSpan<T>().Slice(at, Places);
        (T mu, T slope, T offset) = _norm.Of<T>(channel);
        if (_added is not null) AddRectified(x, mu, slope, offset, _added.AsSpan<T>().Slice(at, Places), into);
        else if (_isRectified) Rectify(x, mu, slope, offset, into);
        else Standardize(x, mu, slope, offset, into);
    }

    /// <summary>(x − μ)·slope + offset.</summary>
    private static void Standardize(ReadOnlySpan<T> x, T mu, T slope, T offset, Span<T> into)
    {
        int i = 0, width = Vector<T>.Count;
        Vector<T> centre = new(mu), slopes = new(slope), offsets = new(offset);
        for (; i <= into.Length - width; i += width)
            ((new Vector<T>(x[i..]) - centre) * slopes + offsets).CopyTo(into[i..]);
        for (; i < into.Length; i++) into[i] = (x[i] - mu) * slope + offset;
    }

    /// <summary>max(0, (x − μ)·slope + offset).</summary>
    private static void Rectify(ReadOnlySpan<T> x, T mu, T slope, T offset, Span<T> into)
    {
        int i = 0, width = Vector<T>.Count;
        Vector<T> centre = new(mu), slopes = new(slope), offsets = new(offset);
        for (; i <= into.Length - width; i += width)
            Kernels.Rectified((new Vector<T>(x[i..]) - centre) * slopes + offsets).CopyTo(into[i..]);
        for (; i < into.Length; i++) into[i] = Kernels.Rectified((x[i] - mu) * slope + offset);
    }

    /// <summary>max(0, added + (x − μ)·slope + offset).</summary>
    private static void AddRectified(
        ReadOnlySpan<T> x, T mu, T slope, T offset, ReadOnlySpan<T> added, Span<T> into)
    {
        int i = 0, width = Vector<T>.Count;
        Vector<T> centre = new(mu), slopes = new(slope), offsets = new(offset);
        for (; i <= into.Length - width; i += width)
        {
            Vector<T> normalized = (new Vector<T>(x[i..]) - centre) * slopes + offsets;
            Kernels.Rectified(new Vector<T>(added[i..]) + normalized).CopyTo(into[i..]);
        }
        for (; i < into.Length; i++) into[i] = Kernels.Rectified(added[i] + ((x[i] - mu) * slope + offset));
    }
}
