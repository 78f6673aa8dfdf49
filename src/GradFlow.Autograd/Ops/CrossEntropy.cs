using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Mean over samples of −ln softmax(x)[label]: cross-entropy on logits; ∂x = ∂y·(softmax(x) − onehot)/n. Samples of
    /// label −1 aren't counted in n and get no gradient; the mean over none is 0.
    /// </summary>
    /// <param name="logits">[n, classes].</param>
    /// <param name="labels">A class index for each sample, or −1.</param>
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
            Kernels.SoftmaxCrossEntropyBackward(probabilities, labels.Span, g[[]] / CountLabels(labels.Span), gx);
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
            if (label < -1 || label >= x.Shape[1])
                throw new ArgumentException(
                    $"label {label} with {x.Shape[1]} outputs; expected 0 to {x.Shape[1] - 1}, or -1 for none");
        }
    }

    /// <summary>How many labels are counted; 1 where none is, for a mean over none.</summary>
    private static int CountLabels(ReadOnlySpan<int> labels) => Math.Max(1, labels.Length - labels.Count(-1));

    private static Tensor Scalar(Tape tape, Variable like, double value)
    {
        Tensor scalar = tape.Rent(new Shape(), like.Value.ElementType);
        Kernels.FillInPlace(scalar, value);
        return scalar;
    }
}
