using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// (output − value)²; the mean over batch, time steps and outputs, as PyTorch's <c>nn.MSELoss</c>. Values of NaN aren't
/// counted.
/// </summary>
public sealed class MeanSquaredError() : Loss("mse", isClassification: false)
{
    private protected override Variable Compare(Variable output, Target target) =>
        Ops.MeanSquaredError(output, Values(target));
}
