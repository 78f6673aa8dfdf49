using GradFlow.Tensors;

namespace GradFlow.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Mean over samples of −ln p[label], on probabilities rather than logits; ∂p[label] = −∂y/(n·p[label]). A
    /// probability of 0 gives an infinite loss, as the formula has it. Samples of label −1 aren't counted in n and get
    /// no gradient; the mean over none is 0.
    /// </summary>
    /// <param name="probabilities">[n, classes].</param>
    /// <param name="labels">A class index for each sample, or −1.</param>
    /// <exception cref="ArgumentException">Not [n, classes], or a label is out of range.</exception>
    public static Variable NllProbabilities(Variable probabilities, ReadOnlyMemory<int> labels)
    {
        RequireLabels(probabilities, labels.Span);
        Tape tape = probabilities.Tape;
        double sum = 0;
        int count = CountLabels(labels.Span);
        for (int i = 0; i < labels.Length; i++)
            if (labels.Span[i] >= 0) sum -= Math.Log(probabilities.Value[i, labels.Span[i]]);
        return tape.Record(
            "nll-probabilities", Scalar(tape, probabilities, sum / count), [probabilities], (g, sink) =>
        {
            Tensor gp = tape.RentLike(probabilities.Value);
            Kernels.FillInPlace(gp, 0);
            for (int i = 0; i < labels.Length; i++)
            {
                int label = labels.Span[i];
                if (label >= 0) gp[i, label] = -g[[]] / (count * probabilities.Value[i, label]);
            }
            sink.Give(0, gp);
        });
    }
}
