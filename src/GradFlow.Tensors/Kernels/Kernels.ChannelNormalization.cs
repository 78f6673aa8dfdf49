using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>The sum of each channel of x [n, c, …], over samples and places.</summary>
    /// <param name="x">[n, c, …], dense.</param>
    /// <param name="into">[c].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void SumChannels(Tensor x, Tensor into)
    {
        RequireChannels(x, into);
        if (IsFloat(x)) ChannelTotals<float>.Run(x, into);
        else ChannelTotals<double>.Run(x, into);
    }

    /// <summary>
    /// μ and σ⁻¹ of each channel of x [n, c, …], taken over samples and places, with the biased variance.
    /// </summary>
    /// <param name="x">[n, c, …], dense.</param>
    /// <param name="epsilon">Added to the variance before the root.</param>
    /// <param name="mean">μ, [c].</param>
    /// <param name="inverseStd">σ⁻¹ = (variance + ε)^(−½), [c].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void MeasureChannels(Tensor x, double epsilon, Tensor mean, Tensor inverseStd)
    {
        RequireChannels(x, mean, inverseStd);
        if (IsFloat(x)) ChannelMoments<float>.Run(x, epsilon, mean, inverseStd);
        else ChannelMoments<double>.Run(x, epsilon, mean, inverseStd);
    }

    /// <summary>y = γ·(x − μ)·σ⁻¹ + β per channel.</summary>
    /// <param name="x">[n, c, …], dense.</param>
    /// <param name="norm">What is done to each channel.</param>
    /// <param name="into">Like x.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void NormalizeChannels(Tensor x, ChannelNorm norm, Tensor into) =>
        MapChannels(x, norm, null, isRectified: false, into);

    /// <summary>
    /// max(0, y), or max(0, added + y), of what <see cref="NormalizeChannels"/> makes, in one walk and to the same
    /// bits.
    /// </summary>
    /// <param name="x">[n, c, …], dense.</param>
    /// <param name="norm">What is done to each channel.</param>
    /// <param name="added">Like x, dense; null for nothing.</param>
    /// <param name="into">Like x.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void RectifyNormalizedChannels(Tensor x, ChannelNorm norm, Tensor? added, Tensor into) =>
        MapChannels(x, norm, added, isRectified: true, into);

    /// <summary>The cotangents of γ and β, ∂γ = Σg·x̂ and ∂β = Σg over samples and places.</summary>
    /// <param name="x">[n, c, …], as it went in.</param>
    /// <param name="norm">What was done to each channel.</param>
    /// <param name="g">The cotangent of the result.</param>
    /// <param name="gainInto">∂γ, [c].</param>
    /// <param name="shiftInto">∂β, [c].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void SumChannels(Tensor x, ChannelNorm norm, Tensor g, Tensor gainInto, Tensor shiftInto) =>
        SumChannels(x, norm, isRectified: false, null, g, gainInto, shiftInto);

    /// <summary>
    /// The same of what <see cref="RectifyNormalizedChannels"/> makes; on the way g is set to 0 where that isn't
    /// positive.
    /// </summary>
    /// <param name="x">[n, c, …], as it went in.</param>
    /// <param name="norm">What was done to each channel.</param>
    /// <param name="rectified">The result where something was added; null where it follows from x alone.</param>
    /// <param name="g">The cotangent of the result; written.</param>
    /// <param name="gainInto">∂γ, [c].</param>
    /// <param name="shiftInto">∂β, [c].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void SumRectifiedChannels(
        Tensor x, ChannelNorm norm, Tensor? rectified, Tensor g, Tensor gainInto, Tensor shiftInto) =>
        SumChannels(x, norm, isRectified: true, rectified, g, gainInto, shiftInto);

    /// <summary>
    /// The cotangent of x in <see cref="NormalizeChannels"/>, ∂x = γ·σ⁻¹·(g − mean(g) − x̂·mean(g·x̂)), means over
    /// samples and places (Ioffe &amp; Szegedy 2015); written over g.
    /// </summary>
    /// <param name="x">[n, c, …], as it went in.</param>
    /// <param name="norm">What was done to each channel.</param>
    /// <param name="gainSums">∂γ, [c].</param>
    /// <param name="shiftSums">∂β, [c].</param>
    /// <param name="g">The cotangent of the result; written.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void NormalizeChannelsBackwardInPlace(
        Tensor x, ChannelNorm norm, Tensor gainSums, Tensor shiftSums, Tensor g)
    {
        RequireChannels(x, norm.Mean, norm.InverseStd, norm.Gain, gainSums, shiftSums);
        RequireSameShape(x, g);
        if (IsFloat(x)) ChannelProjection<float>.Run(x, norm, shiftSums, gainSums, g);
        else ChannelProjection<double>.Run(x, norm, shiftSums, gainSums, g);
    }

    private static void SumChannels(
        Tensor x, ChannelNorm norm, bool isRectified, Tensor? rectified, Tensor g, Tensor gainInto, Tensor shiftInto)
    {
        RequireChannels(x, norm.Mean, norm.InverseStd, norm.Gain, norm.Shift, gainInto, shiftInto);
        RequireSameShape(x, g);
        if (rectified is not null) RequireSameShape(x, rectified);
        if (IsFloat(x)) ChannelSums<float>.Run(x, norm, isRectified, rectified, g, shiftInto, gainInto);
        else ChannelSums<double>.Run(x, norm, isRectified, rectified, g, shiftInto, gainInto);
    }

    private static void MapChannels(Tensor x, ChannelNorm norm, Tensor? added, bool isRectified, Tensor into)
    {
        RequireChannels(x, norm.Mean, norm.InverseStd, norm.Gain, norm.Shift);
        RequireSameShape(x, into);
        if (added is not null) RequireSameShape(x, added);
        if (IsFloat(x)) ChannelMap<float>.Run(x, norm, added, isRectified, into);
        else ChannelMap<double>.Run(x, norm, added, isRectified, into);
    }

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    internal static T Rectified<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T> => x <= T.Zero ? T.Zero : x;

    /// <inheritdoc cref="Rectified{T}(T)"/>
    internal static Vector<T> Rectified<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<T>.Zero), Vector<T>.Zero, x);

    /// <summary>The rectifier's cotangent from its output.</summary>
    internal static T RectifiedBackward<T>(T y, T g)
        where T : unmanaged, IFloatingPointIeee754<T> => y <= T.Zero ? T.Zero : g;

    /// <inheritdoc cref="RectifiedBackward{T}(T, T)"/>
    internal static Vector<T> RectifiedBackward<T>(Vector<T> y, Vector<T> g)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(y, Vector<T>.Zero), Vector<T>.Zero, g);

    private static void RequireChannels(Tensor x, params ReadOnlySpan<Tensor> perChannel)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Count < 3)
            throw new ArgumentException($"got a tensor of shape {x.Shape}; expected [n, channels, …]");
        foreach (Tensor tensor in perChannel)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            if (tensor.Shape.Count != 1 || tensor.Size != x.Shape[1]) RequireShape(tensor, new Shape(x.Shape[1]));
            RequireSameType(x, tensor);
        }
    }
}
