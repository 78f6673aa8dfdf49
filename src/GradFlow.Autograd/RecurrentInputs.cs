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
/// <param name="Skip">The way from an earlier state than that of the step before; null for none.</param>
public sealed record RecurrentInputs(
    Variable Weight, Variable RecurrentWeight, Variable? Bias = null, Variable? RecurrentBias = null,
    Variable? PerUnit = null, SkipInputs? Skip = null)
{
    /// <summary>All that are there, as an op's inputs behind x.</summary>
    internal Variable[] All =>
        [.. new[] { Weight, RecurrentWeight, Bias, RecurrentBias, PerUnit, Skip?.Weight }.OfType<Variable>()];

    internal RecurrentWeights Values => new(
        Weight.Value, RecurrentWeight.Value, Bias?.Value, RecurrentBias?.Value, PerUnit?.Value,
        Skip is null ? null : new RecurrentSkip(Skip.Weight.Value, Skip.Steps));
}

/// <summary>
/// Connections that skip time steps, on a tape: V·h_{t−s} is added to U·h_{t−1} (Lin, Horne, Tiňo &amp; Giles 1996;
/// Zhang et al. 2016).
/// </summary>
/// <param name="Weight">V, of U's shape.</param>
/// <param name="Steps">s, at least 2.</param>
public sealed record SkipInputs(Variable Weight, int Steps);
