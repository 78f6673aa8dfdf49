using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Mean over samples of −ln softmax(x)[label]: cross-entropy on logits; ∂x = ∂y·(softmax(x) − onehot)/n.
    /// </summary>
    /// <param name="logits">[n, classes].</param>
    /// <param name="labels">n class indices.</param>
    /// <exception cref="ArgumentException">Not [n, classes], or a label is out of range.</exception>
    public static Variable CrossEntropy(Variable logits, ReadOnlyMemory<int> labels)
    {
        RequireLabels(logits, labels.Span);
        Tape tape = logits.Tape;
        Tensor probabilities = tape.RentLike(logits.Value);
        double loss = Kernels.SoftmaxCrossEntropy(logits.Value, labels.Span, probabilities);
        return tape.Record("cross-entropy", Scalar(tape, logits, loss), [logits], (g, sink) =>
        {
            Tensor gx = tape.RentLike(probabilities);
            Kernels.SoftmaxCrossEntropyBackward(probabilities, labels.Span, g[[]] / labels.Length, gx);
            sink.Give(0, gx);
        });
    }

    private static void RequireLabels(Variable x, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Count != 2 || x.Shape[0] != labels.Length || labels.Length == 0)
            throw new ArgumentException(
                $"{labels.Length} labels for outputs of shape {x.Shape}; expected [n, classes] and n labels");
        foreach (int label in labels)
        {
            if (label < 0 || label >= x.Shape[1])
                throw new ArgumentException($"label {label} with {x.Shape[1]} outputs; expected 0 to {x.Shape[1] - 1}");
        }
    }

    private static Tensor Scalar(Tape tape, Variable like, double value)
    {
        Tensor scalar = tape.Rent(new Shape(), like.Value.ElementType);
        Kernels.FillInPlace(scalar, value);
        return scalar;
    }
}
