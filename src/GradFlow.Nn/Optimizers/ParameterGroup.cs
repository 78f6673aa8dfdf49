using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// Parameters that an optimiser treats otherwise than the rest, such as biases and the gains of normalisation, which
/// weight decay is mostly kept from. What a group doesn't say is the optimiser's own.
/// </summary>
public sealed record ParameterGroup
{
    /// <summary>Groups parameters.</summary>
    /// <param name="parameters">Its parameters; each in one group of an optimiser at most.</param>
    public ParameterGroup(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
    }

    /// <summary>Its parameters.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What the optimiser's rate, scheduled or not, is multiplied by; at least 0, 1 by default.</summary>
    public double RateFactor { get; init => field = Bounds.RequireNonNegative(value); } = 1;

    /// <summary>The weight decay of these in place of the optimiser's, at least 0; null for the optimiser's.</summary>
    public double? WeightDecay { get; init => field = value is { } x ? Bounds.RequireNonNegative(x) : null; }
}
