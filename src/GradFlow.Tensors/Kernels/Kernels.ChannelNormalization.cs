using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// y = γ·(x − μ)·σ⁻¹ + β per channel of x [n, c, …], with μ and the biased variance taken over samples and places.
    /// </summary>
    /// <param name="x">[n, c, …], dense.</param>
    /// <param name="gain">γ, [c].</param>
    /// <param name="shift">β, [c].</param>
    /// <param name="epsilon">Added to the variance before the root.</param>
    /// <param name="y">Like x.</param>
    /// <param name="mean">μ, [c].</param>
    /// <param name="inverseStd">σ⁻¹ = (variance + ε)^(−½), [c].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void NormalizeChannels(
        Tensor x, Tensor gain, Tensor shift, double epsilon, Tensor y, Tensor mean, Tensor inverseStd)
    {
        RequireChannels(x, gain, shift, mean, inverseStd);
        RequireSameShape(x, y);
        Workers.Run(IsFloat(x)
            ? new ChannelNorm<float>(x, gain, shift, (float)epsilon, y, mean, inverseStd)
            : new ChannelNorm<double>(x, gain, shift, epsilon, y, mean, inverseStd), x.Shape[1]);
    }

    /// <summary>
    /// The cotangents of <see cref="NormalizeChannels"/>: ∂β = Σg, ∂γ = Σg·x̂ and
    /// ∂x = γ·σ⁻¹·(g − mean(g) − x̂·mean(g·x̂)), sums and means over samples and places (Ioffe &amp; Szegedy 2015).
    /// </summary>
    /// <param name="x">[n, c, …], as it went in.</param>
    /// <param name="mean">μ, [c].</param>
    /// <param name="inverseStd">σ⁻¹, [c].</param>
    /// <param name="gain">γ, [c].</param>
    /// <param name="g">The cotangent of y.</param>
    /// <param name="into">∂x; null where it isn't wanted.</param>
    /// <param name="gainInto">∂γ, [c].</param>
    /// <param name="shiftInto">∂β, [c].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void NormalizeChannelsBackward(
        Tensor x, Tensor mean, Tensor inverseStd, Tensor gain, Tensor g, Tensor? into, Tensor gainInto, Tensor shiftInto)
    {
        RequireChannels(x, gain, mean, inverseStd, gainInto, shiftInto);
        RequireSameShape(x, g);
        if (into is not null) RequireSameShape(x, into);
        Workers.Run(IsFloat(x)
            ? new ChannelNormBackward<float>(x, mean, inverseStd, gain, g, into, gainInto, shiftInto)
            : new ChannelNormBackward<double>(x, mean, inverseStd, gain, g, into, gainInto, shiftInto), x.Shape[1]);
    }

    private static void RequireChannels(Tensor x, params ReadOnlySpan<Tensor> perChannel)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Count < 3)
            throw new ArgumentException($"got a tensor of shape {x.Shape}; expected [n, channels, …]");
        foreach (Tensor tensor in perChannel)
        {
            RequireShape(tensor, new Shape(x.Shape[1]));
            RequireSameType(x, tensor);
        }
    }

    /// <summary>One channel per chunk: its places lie in one stretch per sample.</summary>
    private sealed class ChannelNorm<T>(
        Tensor x, Tensor gain, Tensor shift, T epsilon, Tensor y, Tensor mean, Tensor inverseStd) : IChunkedWork
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(int channel)
        {
            int samples = x.Shape[0], channels = x.Shape[1], places = Places(x);
            ReadOnlySpan<T> xs = x.AsSpan<T>();
            Span<T> ys = y.AsSpan<T>();
            T count = T.CreateChecked((long)samples * places), mu = T.Zero, squares = T.Zero;
            for (int i = 0; i < samples; i++) mu += TensorPrimitives.Sum(xs.Slice((i * channels + channel) * places, places));
            mu /= count;
            for (int i = 0; i < samples; i++)
                squares += CentredSquares(xs.Slice((i * channels + channel) * places, places), mu);
            T inverse = T.One / T.Sqrt(squares / count + epsilon);
            mean.AsSpan<T>()[channel] = mu;
            inverseStd.AsSpan<T>()[channel] = inverse;
            T slope = gain.AsSpan<T>()[channel] * inverse, offset = shift.AsSpan<T>()[channel];
            for (int i = 0; i < samples; i++)
            {
                int at = (i * channels + channel) * places;
                Standardize(xs.Slice(at, places), mu, slope, offset, ys.Slice(at, places));
            }
        }
    }

    /// <inheritdoc cref="ChannelNorm{T}"/>
    private sealed class ChannelNormBackward<T>(
        Tensor x, Tensor mean, Tensor inverseStd, Tensor gain, Tensor g, Tensor? into, Tensor gainInto, Tensor shiftInto)
        : IChunkedWork
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(int channel)
        {
            int samples = x.Shape[0], channels = x.Shape[1], places = Places(x);
            ReadOnlySpan<T> xs = x.AsSpan<T>(), gs = g.AsSpan<T>();
            T mu = mean.AsSpan<T>()[channel], inverse = inverseStd.AsSpan<T>()[channel], sum = T.Zero, product = T.Zero;
            for (int i = 0; i < samples; i++)
            {
                int at = (i * channels + channel) * places;
                AddSums(gs.Slice(at, places), xs.Slice(at, places), mu, ref sum, ref product);
            }
            shiftInto.AsSpan<T>()[channel] = sum;
            gainInto.AsSpan<T>()[channel] = product * inverse;
            if (into is null) return;
            T share = T.One / T.CreateChecked((long)samples * places), slope = gain.AsSpan<T>()[channel] * inverse;
            T alongX = -slope * product * inverse * inverse * share, alongOnes = -slope * sum * share;
            for (int i = 0; i < samples; i++)
            {
                int at = (i * channels + channel) * places;
                Project(
                    gs.Slice(at, places), xs.Slice(at, places), mu, slope, alongX, alongOnes,
                    into.AsSpan<T>().Slice(at, places));
            }
        }
    }

    private static int Places(Tensor x) => x.Shape[0] * x.Shape[1] == 0 ? 0 : x.Size / (x.Shape[0] * x.Shape[1]);

    /// <summary>Σ(x − μ)².</summary>
    private static T CentredSquares<T>(ReadOnlySpan<T> x, T mu)
        where T : unmanaged, IFloatingPointIeee754<T>
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

    /// <summary>(x − μ)·slope + offset.</summary>
    private static void Standardize<T>(ReadOnlySpan<T> x, T mu, T slope, T offset, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0, width = Vector<T>.Count;
        Vector<T> centre = new(mu), slopes = new(slope), offsets = new(offset);
        for (; i <= y.Length - width; i += width)
            ((new Vector<T>(x[i..]) - centre) * slopes + offsets).CopyTo(y[i..]);
        for (; i < y.Length; i++) y[i] = (x[i] - mu) * slope + offset;
    }

    /// <summary>Adds Σg to one sum and Σg·(x − μ) to another.</summary>
    private static void AddSums<T>(ReadOnlySpan<T> g, ReadOnlySpan<T> x, T mu, ref T sum, ref T product)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0, width = Vector<T>.Count;
        Vector<T> sums = Vector<T>.Zero, products = Vector<T>.Zero, centre = new(mu);
        for (; i <= g.Length - width; i += width)
        {
            Vector<T> cotangent = new(g[i..]);
            sums += cotangent;
            products += cotangent * (new Vector<T>(x[i..]) - centre);
        }
        sum += Vector.Sum(sums);
        product += Vector.Sum(products);
        for (; i < g.Length; i++)
        {
            sum += g[i];
            product += g[i] * (x[i] - mu);
        }
    }

    /// <summary>slope·g + alongX·(x − μ) + alongOnes.</summary>
    private static void Project<T>(
        ReadOnlySpan<T> g, ReadOnlySpan<T> x, T mu, T slope, T alongX, T alongOnes, Span<T> into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int i = 0, width = Vector<T>.Count;
        Vector<T> centre = new(mu), slopes = new(slope), alongXs = new(alongX), ones = new(alongOnes);
        for (; i <= into.Length - width; i += width)
            (new Vector<T>(g[i..]) * slopes + (new Vector<T>(x[i..]) - centre) * alongXs + ones).CopyTo(into[i..]);
        for (; i < into.Length; i++) into[i] = g[i] * slope + (x[i] - mu) * alongX + alongOnes;
    }
}
