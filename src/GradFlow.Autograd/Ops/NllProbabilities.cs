using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Mean over samples of −ln p[label], on probabilities rather than logits; ∂p[label] = −∂y/(n·p[label]). A
    /// probability of 0 gives an infinite loss, as the formula has it.
    /// </summary>
    /// <param name="probabilities">[n, classes].</param>
    /// <param name="labels">n class indices.</param>
    /// <exception cref="ArgumentException">Not [n, classes], or a label is out of range.</exception>
    public static Variable NllProbabilities(Variable probabilities, ReadOnlyMemory<int> labels)
    {
        RequireLabels(probabilities, labels.Span);
        Tape tape = probabilities.Tape;
        double sum = 0;
        for (int i = 0; i < labels.Length; i++) sum -= Math.Log(probabilities.Value[i, labels.Span[i]]);
        return tape.Record(
            "nll-probabilities", Scalar(tape, probabilities, sum / labels.Length), [probabilities], (g, sink) =>
        {
            Tensor gp = tape.RentLike(probabilities.Value);
            Kernels.FillInPlace(gp, 0);
            for (int i = 0; i < labels.Length; i++)
            {
                int label = labels.Span[i];
                gp[i, label] = -g[[]] / (labels.Length * probabilities.Value[i, label]);
            }
            sink.Give(0, gp);
        });
    }
}
