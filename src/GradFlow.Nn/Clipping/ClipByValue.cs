using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Cuts every entry of every gradient to [−limit, limit], which also turns its direction; as PyTorch's
/// <c>clip_grad_value_</c>. An infinite entry becomes the limit, NaN stays.
/// </summary>
/// <param name="limit">The bound, above 0.</param>
public sealed class ClipByValue(double limit) : GradientClipping("value")
{
    /// <summary>The bound.</summary>
    public double Limit { get; } = Bounds.RequirePositive(limit);

    /// <inheritdoc/>
    public override ClipResult ApplyInPlace(IReadOnlyList<Parameter> parameters)
    {
        double before = GlobalNorm(parameters);
        foreach (Parameter parameter in parameters)
            if (IsUpdated(parameter)) Kernels.ClampInPlace(parameter.Gradient, -Limit, Limit);
        double after = GlobalNorm(parameters);
        return new ClipResult(before, after, before == 0 ? 1 : after / before);
    }
}
