using GradFlow.Tensors;

namespace GradFlow.Autograd;

/// <summary>
/// The weights of a recurrent layer on a tape, those of its gates one below the other in PyTorch's order.
/// </summary>
/// <param name="Weight">W of the input, [gates·units, in].</param>
/// <param name="RecurrentWeight">U of the state, [gates·units, units].</param>
/// <param name="Bias">Added to W·x, [gates·units]; null for none.</param>
/// <param name="RecurrentBias">Added to U·h, [gates·units]; null for none.</param>
/// <param name="PerUnit">
/// Numbers per unit that the cell uses beside, one kind after the other; null where it uses none.
/// </param>
public sealed record RecurrentInputs(
    Variable Weight, Variable RecurrentWeight, Variable? Bias = null, Variable? RecurrentBias = null,
    Variable? PerUnit = null)
{
    /// <summary>All that are there, as an op's inputs behind x.</summary>
    internal Variable[] All =>
        [.. new[] { Weight, RecurrentWeight, Bias, RecurrentBias, PerUnit }.OfType<Variable>()];

    internal RecurrentWeights Values => new(
        Weight.Value, RecurrentWeight.Value, Bias?.Value, RecurrentBias?.Value, PerUnit?.Value);
}
