using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// y[n, o, p] = b[o] + Σ W[o, c, t]·x[n, c, p·stride + t·dilation − padding] over the channels c of o's group and the
    /// kernel's entries t (LeCun et al. 1998; dilation: Yu &amp; Koltun 2016); ∂x is the same with the weights turned
    /// round, ∂W the correlation of x with ∂y, ∂b = Σ ∂y.
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
        Tensor images = AsImages(x.Value), kernels = AsImages(weight.Value);
        if (bias is not null && bias.Shape != new Shape(weight.Shape[0]))
            throw new ArgumentException($"bias {bias.Shape} does not fit weight {weight.Shape}; expected [out]");
        Tensor y = tape.Rent(WithRankOf(x, how.ShapeOf(images.Shape, kernels.Shape)), x.Value.ElementType);
        Kernels.Convolve(images, kernels, bias?.Value, how, AsImages(y));
        return tape.Record("convolve", y, bias is null ? [x, weight] : [x, weight, bias], (g, sink) =>
        {
            Tensor cotangent = AsImages(g);
            if (sink.Wants(0))
            {
                Tensor gx = tape.RentLike(x.Value);
                Kernels.ConvolveBackwardToInput(cotangent, kernels, how, AsImages(gx));
                sink.Give(0, gx);
            }
            if (sink.Wants(1))
            {
                Tensor gw = tape.RentLike(weight.Value);
                Kernels.ConvolveBackwardToWeight(images, cotangent, how, AsImages(gw));
                sink.Give(1, gw);
            }
            if (bias is not null && sink.Wants(2)) sink.Give(2, SummedPerChannel(tape, cotangent));
        });
    }

    /// <summary>Sequences [n, c, w] as images of one row; what else there is, as it is.</summary>
    private static Tensor AsImages(Tensor x) =>
        x.Shape.Count == 3 ? x.Reshape(new Shape(x.Shape[0], x.Shape[1], 1, x.Shape[2])) : x;

    /// <summary>A shape [n, c, 1, w] as [n, c, w] where x is sequences.</summary>
    private static Shape WithRankOf(Variable x, Shape images) =>
        x.Shape.Count == 3 ? new Shape(images[0], images[1], images[3]) : images;

    private static Tensor SummedPerChannel(Tape tape, Tensor g)
    {
        Tensor sum = tape.Rent(new Shape(g.Shape[1]), g.ElementType);
        Kernels.SumTo(g, sum.Reshape(new Shape(g.Shape[1], 1, 1)));
        return sum;
    }
}
