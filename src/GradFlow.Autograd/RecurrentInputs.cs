using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// The weights of a recurrent layer on a tape, those of its gates one below the other in PyTorch's order.
/// </summary>
/// <param name="Weight">W of the input, [gates·units, in].</param>
/// <param name="RecurrentWeight">U of the state, [gates·units, units].</param>
/// <param name="Bias">Added to W·x, [gates·units]; null for none.</param>
/// <param name="RecurrentBias">Added to U·h, [gates·units]; null for none.</param>
public sealed record RecurrentInputs(
    Variable Weight, Variable RecurrentWeight, Variable? Bias = null, Variable? RecurrentBias = null)
{
    internal int BiasCount => (Bias is null ? 0 : 1) + (RecurrentBias is null ? 0 : 1);

    internal RecurrentWeights Values => new(Weight.Value, RecurrentWeight.Value, Bias?.Value, RecurrentBias?.Value);
}
