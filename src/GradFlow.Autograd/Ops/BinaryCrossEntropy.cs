using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Mean over all elements of the cross-entropy between σ(x) and the target, on logits; ∂x = ∂y·(σ(x) − t)/count.
    /// Elements whose target is NaN aren't counted and get no gradient; the mean over none is 0.
    /// </summary>
    /// <param name="logits">Any shape.</param>
    /// <param name="targets">The same shape, each in [0, 1], or NaN where there is none.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Variable BinaryCrossEntropy(Variable logits, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Tape tape = logits.Tape;
        double loss = Kernels.BinaryCrossEntropy(logits.Value, targets);
        return tape.Record("binary-cross-entropy", Scalar(tape, logits, loss), [logits], (g, sink) =>
        {
            Tensor gx = tape.RentLike(logits.Value);
            double count = Math.Max(1, Kernels.CountTargets(targets));
            Kernels.BinaryCrossEntropyBackward(logits.Value, targets, g[[]] / count, gx);
            sink.Give(0, gx);
        });
    }
}
