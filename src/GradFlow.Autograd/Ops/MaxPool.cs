using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// The largest number that a window meets at each position, per channel; the cotangent goes to it, to the first of
    /// equal ones.
    /// </summary>
    /// <param name="x">Images [n, c, h, w], or sequences [n, c, w] along which the columns' window slides.</param>
    /// <param name="rows">The window along the height; <see cref="Window.Single"/> for sequences.</param>
    /// <param name="columns">The window along the width.</param>
    /// <exception cref="ArgumentException">The window doesn't fit, or padding is more than half of it.</exception>
    public static Variable MaxPool(Variable x, Window rows, Window columns)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tape tape = x.Tape;
        Tensor images = AsImages(x.Value), y = RentPooled(x, images, rows, columns);
        Kernels.MaxPool(images, rows, columns, AsImages(y));
        return tape.Record("max-pool", y, [x], (g, sink) =>
        {
            Tensor gx = tape.RentLike(x.Value);
            Kernels.MaxPoolBackward(images, AsImages(g), rows, columns, AsImages(gx));
            sink.Give(0, gx);
        });
    }

    private static Tensor RentPooled(Variable x, Tensor images, Window rows, Window columns)
    {
        if (images.Shape.Count != 4)
            throw new ArgumentException($"got an input of shape {x.Shape}; expected [n, c, h, w] or [n, c, w]");
        Shape shape = new(
            x.Shape[0], x.Shape[1], rows.PositionsAlong(images.Shape[2]), columns.PositionsAlong(images.Shape[3]));
        return x.Tape.Rent(WithRankOf(x, shape), x.Value.ElementType);
    }
}
