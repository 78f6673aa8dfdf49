using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y[n, o, p] = b[o] + Σ W[o, c, t]·x[n, c, p·stride + t·dilation − padding] over the channels c of o's group and
    /// the kernel's entries t (LeCun et al. 1998; dilation: Yu &amp; Koltun 2016); ∂x is the same with the weights
    /// turned round, ∂W the correlation of x with ∂y, ∂b = Σ ∂y.
    /// </summary>
    /// <param name="x">Images [n, c, h, w], or sequences [n, c, w] along which the columns' window slides.</param>
    /// <param name="weight">W, [out, c/groups, rows, columns]; for sequences [out, c/groups, columns].</param>
    /// <param name="bias">b, [out]; null for none.</param>
    /// <param name="how">How the kernel slides.</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static Variable Convolve(Variable x, Variable weight, Variable? bias, Convolution how)
    {
        ArgumentNullException.ThrowIfNull(how);
        Tape tape = SameTape(x, weight);
        ChannelNormOperation? norm = how.IsSimple && x.Node is RectifiedNormOperation { Norm: { } behind }
            && behind.IsBeside(x) ? behind : null;
        if (tape.Recall<ConvolveOperation>(x, weight, bias) is { } again && again.How == how
            && (again.Norm == norm || tape.IsRecomputing))
            return tape.Repeat(again);
        if (bias is not null && bias.Shape != new Shape(weight.Shape[0]))
            throw new ArgumentException($"bias {bias.Shape} does not fit weight {weight.Shape}; expected [out]");
        Shape images = how.ShapeOf(AsImages(x.Unforced).Shape, AsImages(weight.Unforced).Shape);
        return tape.Record(new ConvolveOperation(x, norm, weight, bias, how, WithRankOf(x, images))
        {
            IsLarge = true,
            LooksThrough = norm is not null,
        });
    }

    /// <summary>A convolution, of a rectified normalisation from what that is made of.</summary>
    private sealed class ConvolveOperation(
        Variable x, ChannelNormOperation? norm, Variable weight, Variable? bias, Convolution how, Shape output)
        : Operation("convolve", bias is null ? [x, weight] : [x, weight, bias], output)
    {
        public Convolution How => how;

        public ChannelNormOperation? Norm => norm;

        public override void Compute(Tensor x, Tensor y) => Kernels.Convolve(
            AsImages(norm?.Images ?? x), AsImages(weight.Value), bias?.Value, how, AsImages(y), norm?.Norm);

        public override void Derive(Tensor cotangent, CotangentSink sink)
        {
            Tape tape = Output.Tape;
            Tensor? gx = sink.Wants(0) ? tape.Borrow(x.Unforced) : null;
            Tensor? gw = sink.Wants(1) ? tape.Borrow(weight.Unforced) : null;
            Kernels.ConvolveBackward(
                AsImages(norm?.Images ?? x.Unforced), AsImages(weight.Unforced), how, AsImages(cotangent),
                gx is null ? null : AsImages(gx), gw is null ? null : AsImages(gw), norm?.Norm);
            if (gx is not null) sink.Give(0, gx);
            if (gw is not null) sink.Give(1, gw);
            if (bias is null || !sink.Wants(2)) return;
            Tensor gb = tape.Borrow(bias.Unforced);
            Kernels.SumChannels(cotangent, gb);
            sink.Give(2, gb);
        }
    }

    /// <summary>Sequences [n, c, w] as images of one row; what else there is, as it is.</summary>
    private static Tensor AsImages(Tensor x) =>
        x.Shape.Count == 3 ? x.Reshape(new Shape(x.Shape[0], x.Shape[1], 1, x.Shape[2])) : x;

    /// <summary>A shape [n, c, 1, w] as [n, c, w] where x is sequences.</summary>
    private static Shape WithRankOf(Variable x, Shape images) =>
        x.Shape.Count == 3 ? new Shape(images[0], images[1], images[3]) : images;
}
