using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>What bounds the gradients before the update. Immutable.</summary>
public abstract class GradientClipping
{
    private protected GradientClipping(string name) => Name = name;

    /// <summary>The name as the experiment file writes it: <c>norm</c> or <c>value</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// The Frobenius norm of all gradients together, added up in float64, so that no square under- or overflows; frozen
    /// parameters and those without a gradient don't count. NaN or ∞ where a gradient is.
    /// </summary>
    public static double GlobalNorm(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double sum = 0;
        foreach (Parameter parameter in parameters)
            if (IsUpdated(parameter)) sum += Kernels.SumOfSquares(parameter.Gradient);
        return Math.Sqrt(sum);
    }

    /// <summary>Bounds the gradients of the parameters that the next update will change.</summary>
    public abstract ClipResult ApplyInPlace(IReadOnlyList<Parameter> parameters);

    private protected static bool IsUpdated(Parameter parameter) => parameter.HasGradient && !parameter.IsFrozen;
}
