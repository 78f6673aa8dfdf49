namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// y[n, o] = b[o] + Σ over the channels c of o's group and the kernel's entries t of W[o, c, t]·x[n, c, what t
    /// meets].
    /// </summary>
    /// <remarks>A cross-correlation, as everywhere in deep learning: the kernel isn't flipped.</remarks>
    /// <param name="x">[n, c, h, w], dense.</param>
    /// <param name="weight">W, [out, c/groups, rows, columns], dense.</param>
    /// <param name="bias">b, [out]; null for none.</param>
    /// <param name="how">How the kernel slides.</param>
    /// <param name="into">[n, out, h', w'].</param>
    /// <param name="rectified">
    /// Where x is not the images but what <see cref="RectifyNormalizedChannels"/> makes them of, by this; strides are
    /// then 1, and padding is with zeros.
    /// </param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void Convolve(
        Tensor x, Tensor weight, Tensor? bias, Convolution how, Tensor into, ChannelNorm? rectified = null)
    {
        ConvolutionPlan plan = PlanOf(x, weight, how, into);
        RequireRectified(x, how, rectified);
        if (bias is not null && (bias.Shape.Count != 1 || bias.Size != weight.Shape[0]))
            RequireShape(bias, new Shape(weight.Shape[0]));
        if (into.Size == 0) return;
        if (IsFloat(x)) ConvolutionForward<float>.Run(plan, x, rectified, weight, bias, into);
        else ConvolutionForward<double>.Run(plan, x, rectified, weight, bias, into);
    }

    /// <summary>
    /// The cotangents of <see cref="Convolve"/>: each entry of the images gets the sum of g[n, o, position]·W[o, c, t]
    /// over where it was met, each weight Σ over samples and positions of g[n, o, position]·x[n, c, what t meets].
    /// </summary>
    /// <param name="x">[n, c, h, w], as it went in.</param>
    /// <param name="weight">W, as it went in.</param>
    /// <param name="how">How the kernel slides.</param>
    /// <param name="g">The cotangent of the result.</param>
    /// <param name="xInto">The images' cotangent, [n, c, h, w]; null where it isn't wanted.</param>
    /// <param name="weightInto">
    /// The weights' cotangent, [out, c/groups, rows, columns]; null where it isn't wanted.
    /// </param>
    /// <param name="rectified">How x becomes the images; null where it is them.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void ConvolveBackward(
        Tensor x, Tensor weight, Convolution how, Tensor g, Tensor? xInto, Tensor? weightInto,
        ChannelNorm? rectified = null)
    {
        ConvolutionPlan plan = PlanOf(x, weight, how, g);
        RequireRectified(x, how, rectified);
        if (xInto is not null) RequireSameShape(x, xInto);
        if (weightInto is not null) RequireSameShape(weight, weightInto);
        if (g.Size == 0)
        {
            if (xInto is not null) FillInPlace(xInto, 0);
            if (weightInto is not null) FillInPlace(weightInto, 0);
            return;
        }
        if (IsFloat(x)) ConvolutionBackward<float>.Run(plan, x, rectified, weight, g, xInto, weightInto);
        else ConvolutionBackward<double>.Run(plan, x, rectified, weight, g, xInto, weightInto);
    }

    private static void RequireRectified(Tensor x, Convolution how, ChannelNorm? rectified)
    {
        if (rectified is null) return;
        if (!how.IsSimple)
            throw new ArgumentException(
                "images are rectified on the way; expected strides of 1 and padding with zeros");
        RequireChannels(x, rectified.Mean, rectified.InverseStd, rectified.Gain, rectified.Shift);
    }

    private static ConvolutionPlan PlanOf(Tensor x, Tensor weight, Convolution how, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(how);
        RequireSameType(x, weight);
        RequireSameType(x, y);
        if (how.Latest is { } latest && latest.Fits(x.Shape, weight.Shape, y.Shape)) return latest;
        RequireShape(y, how.ShapeOf(x.Shape, weight.Shape));
        return how.PlanFor(x.Shape, weight.Shape);
    }
}
