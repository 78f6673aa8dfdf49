using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>Mean over all elements of (x − t)²; ∂x = ∂y·2(x − t)/count.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="targets">The same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Variable MeanSquaredError(Variable x, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tape tape = x.Tape;
        double loss = Kernels.MeanSquaredError(x.Value, targets);
        return tape.Record("mse", Scalar(tape, x, loss), [x], (g, sink) =>
        {
            Tensor gx = tape.RentLike(x.Value);
            Kernels.Subtract(x.Value, targets, gx);
            Kernels.Scale(gx, 2 * g[[]] / targets.Size, gx);
            sink.Give(0, gx);
        });
    }
}
