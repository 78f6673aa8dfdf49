using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Mean over all elements of (x − t)²; ∂x = ∂y·2(x − t)/count. Elements whose target is NaN aren't counted and get
    /// no gradient; the mean over none is 0.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="targets">The same shape; NaN where there is none.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Variable MeanSquaredError(Variable x, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(x);
        Tape tape = x.Tape;
        double loss = Kernels.MeanSquaredError(x.Value, targets);
        return tape.Record("mse", Scalar(tape, x, loss), [x], (g, sink) =>
        {
            Tensor gx = tape.RentLike(x.Value);
            double count = Math.Max(1, Kernels.CountTargets(targets));
            Kernels.MeanSquaredErrorBackward(x.Value, targets, 2 * g[[]] / count, gx);
            sink.Give(0, gx);
        });
    }
}
