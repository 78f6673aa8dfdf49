using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// −ln output[label], on probabilities [n, classes] such as a softmax layer makes; the mean over batch and time steps,
/// as PyTorch's <c>nn.NLLLoss</c> of the logarithm. Prefer <see cref="CrossEntropy"/> on logits, which cannot be
/// infinite. Labels of −1 aren't counted.
/// </summary>
public sealed class NllProbabilities() : Loss("nll-probabilities", isClassification: true)
{
    private protected override Variable Compare(Variable output, Target target) =>
        Ops.NllProbabilities(output, Labels(target));
}
