using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// −t·ln σ(output) − (1 − t)·ln(1 − σ(output)), on logits; the mean over batch, time steps and outputs, as PyTorch's
/// <c>nn.BCEWithLogitsLoss</c>. Targets are values in [0, 1], or labels 0 and 1 where there is one logit per sample.
/// Targets of NaN and labels of −1 aren't counted.
/// </summary>
public sealed class BinaryCrossEntropy() : Loss("binary-cross-entropy", isClassification: true)
{
    private protected override Variable Compare(Variable output, Target target) =>
        Ops.BinaryCrossEntropy(output, target.Values ?? FromLabels(output, target.Labels.Span));

    private Tensor FromLabels(Variable output, ReadOnlySpan<int> labels)
    {
        if (output.Value.Size != labels.Length || labels.Length == 0)
            throw new ArgumentException(
                $"{labels.Length} labels for outputs of shape {output.Shape}; '{Name}' expects one logit per label");
        Tensor targets = output.Tape.Rent(output.Shape, output.Value.ElementType);
        Tensor flat = targets.Reshape(new Shape(labels.Length));
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] is not (-1 or 0 or 1))
                throw new ArgumentException(
                    $"label {labels[i]} with one logit per sample; '{Name}' expects 0 or 1, or -1 for none");
            flat[i] = labels[i] < 0 ? double.NaN : labels[i];
        }
        return targets;
    }
}
