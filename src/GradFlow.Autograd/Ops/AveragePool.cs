using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// The mean of what a window meets at each position, per channel, padding counted as zeros (LeCun et al. 1989); the
    /// cotangent is shared equally.
    /// </summary>
    /// <param name="x">Images [n, c, h, w], or sequences [n, c, w] along which the columns' window slides.</param>
    /// <param name="rows">The window along the height; <see cref="Window.Single"/> for sequences.</param>
    /// <param name="columns">The window along the width.</param>
    /// <exception cref="ArgumentException">The window doesn't fit, or padding is more than half of it.</exception>
    public static Variable AveragePool(Variable x, Window rows, Window columns)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tape tape = x.Tape;
        Tensor images = AsImages(x.Value), y = RentPooled(x, images, rows, columns);
        Kernels.AveragePool(images, rows, columns, AsImages(y));
        return tape.Record("average-pool", y, [x], (g, sink) =>
        {
            Tensor gx = tape.RentLike(x.Value);
            Kernels.AveragePoolBackward(AsImages(g), rows, columns, AsImages(gx));
            sink.Give(0, gx);
        });
    }
}
