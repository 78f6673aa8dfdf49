using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// y[n, o] = b[o] + Σ over the channels c of o's group and the kernel's entries t of W[o, c, t]·x[n, c, what t meets].
    /// </summary>
    /// <remarks>A cross-correlation, as everywhere in deep learning: the kernel isn't flipped.</remarks>
    /// <param name="x">[n, c, h, w], dense.</param>
    /// <param name="weight">W, [out, c/groups, rows, columns], dense.</param>
    /// <param name="bias">b, [out]; null for none.</param>
    /// <param name="how">How the kernel slides.</param>
    /// <param name="into">[n, out, h', w'].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void Convolve(Tensor x, Tensor weight, Tensor? bias, Convolution how, Tensor into)
    {
        RequireConvolution(x, weight, how, into);
        if (bias is not null) RequireShape(bias, new Shape(weight.Shape[0]));
        if (into.Size == 0) return;
        if (IsFloat(x)) Convolve<float>(x, weight, bias, how, into);
        else Convolve<double>(x, weight, bias, how, into);
    }

    /// <summary>
    /// The images' cotangent of <see cref="Convolve"/>: each entry gets the sum of g[n, o, position]·W[o, c, t] over where
    /// it was met.
    /// </summary>
    /// <param name="g">The cotangent of the result.</param>
    /// <param name="weight">W, as it went in.</param>
    /// <param name="how">How the kernel slides.</param>
    /// <param name="into">[n, c, h, w].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void ConvolveBackwardToInput(Tensor g, Tensor weight, Convolution how, Tensor into)
    {
        RequireConvolution(into, weight, how, g);
        if (into.Size == 0) return;
        if (IsFloat(g)) ConvolveBackwardToInput<float>(g, weight, how, into);
        else ConvolveBackwardToInput<double>(g, weight, how, into);
    }

    /// <summary>
    /// The weights' cotangent of <see cref="Convolve"/>: Σ over samples and positions of g[n, o, position]·x[n, c, what t
    /// meets].
    /// </summary>
    /// <param name="x">[n, c, h, w], as it went in.</param>
    /// <param name="g">The cotangent of the result.</param>
    /// <param name="how">How the kernel slides.</param>
    /// <param name="into">[out, c/groups, rows, columns].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void ConvolveBackwardToWeight(Tensor x, Tensor g, Convolution how, Tensor into)
    {
        RequireConvolution(x, into, how, g);
        if (g.Size == 0) FillInPlace(into, 0);
        else if (IsFloat(x)) ConvolveBackwardToWeight<float>(x, g, how, into);
        else ConvolveBackwardToWeight<double>(x, g, how, into);
    }

    private static void RequireConvolution(Tensor x, Tensor weight, Convolution how, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(how);
        RequireSameType(x, weight);
        RequireSameType(x, y);
        RequireShape(y, how.ShapeOf(x.Shape, weight.Shape));
    }

    private static void Convolve<T>(Tensor x, Tensor weight, Tensor? bias, Convolution how, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ConvolutionPlan plan = how.PlanFor(x.Shape, weight.Shape);
        int length = ConvolutionForward<T>.PackedLength(plan);
        T[] packed = Scratch<T>.Third(length);
        ConvolutionForward<T>.Pack(plan, weight.AsSpan<T>(), packed.AsSpan(0, length));
        var work = new ConvolutionForward<T>(plan, x, packed, bias, into);
        Workers.Run(work, work.Chunks);
    }

    private static void ConvolveBackwardToInput<T>(Tensor g, Tensor weight, Convolution how, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ConvolutionPlan plan = how.PlanFor(into.Shape, weight.Shape);
        int length = ConvolutionToInput<T>.PackedLength(plan);
        T[] packed = Scratch<T>.Third(length);
        ConvolutionToInput<T>.Pack(plan, weight.AsSpan<T>(), packed.AsSpan(0, length));
        var work = new ConvolutionToInput<T>(plan, g, packed, into);
        Workers.Run(work, work.Chunks);
    }

    private static void ConvolveBackwardToWeight<T>(Tensor x, Tensor g, Convolution how, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ConvolutionPlan plan = how.PlanFor(x.Shape, into.Shape);
        T[] partial = Scratch<T>.Fourth(checked(ConvolutionToWeight<T>.MostChunks * into.Size));
        var work = new ConvolutionToWeight<T>(plan, x, g, partial);
        Workers.Run(work, work.Chunks);
        work.SumInto(into.AsSpan<T>());
    }
}
