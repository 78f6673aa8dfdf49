using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// The trained tensors of a recurrent layer; where it has gates, those of its gates and candidates lie one below the
/// other, in PyTorch's order.
/// </summary>
/// <param name="Weight">W of the input, [gates·units, in].</param>
/// <param name="RecurrentWeight">U of the state, [gates·units, units].</param>
/// <param name="Bias">Added to W·x, [gates·units]; null for none.</param>
/// <param name="RecurrentBias">Added to U·h, [gates·units]; null for none.</param>
/// <param name="PerUnit">
/// Numbers per unit that the layer uses beside, such as peepholes, one kind after the other; null for none.
/// </param>
/// <param name="Skip">
/// Connections that skip time steps, of plain layers, LSTM and GRU; null for none.
/// </param>
public sealed record RecurrentParameters(
    Parameter Weight, Parameter RecurrentWeight, Parameter? Bias = null, Parameter? RecurrentBias = null,
    Parameter? PerUnit = null, SkipParameters? Skip = null)
{
    /// <summary>All that are there.</summary>
    public IReadOnlyList<Parameter> All =>
        [.. new[] { Weight, RecurrentWeight, Bias, RecurrentBias, PerUnit, Skip?.Weight }.OfType<Parameter>()];
}

/// <summary>
/// Connections that skip s time steps: V·h_{t−s} is added wherever U·h_{t−1} is (Lin, Horne, Tiňo &amp; Giles 1996;
/// Zhang et al. 2016). From one end of T steps to the other the gradient passes V and φ' only T/s times.
/// </summary>
/// <param name="Weight">V, [gates·units, units].</param>
/// <param name="Steps">s, at least 2.</param>
public sealed record SkipParameters(Parameter Weight, int Steps);
