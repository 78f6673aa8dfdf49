using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// −ln softmax(output)[label], on logits [n, classes]; the mean over batch and time steps, as PyTorch's
/// <c>nn.CrossEntropyLoss</c>. Labels of −1 aren't counted, as there <c>ignore_index</c>; the mean over none is 0.
/// </summary>
public sealed class CrossEntropy() : Loss("cross-entropy", isClassification: true)
{
    private protected override Variable Compare(Variable output, Target target) =>
        Ops.CrossEntropy(output, Labels(target));
}
