using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Scales each parameter's gradient on its own so that its norm is at most a bound: PyTorch's <c>clip_grad_norm_</c> on
/// one parameter at a time. A layer that explodes so doesn't take the step of the others, but the direction of the
/// whole gradient changes.
/// </summary>
/// <param name="maxNorm">The bound, above 0.</param>
public sealed class ClipPerParameter(double maxNorm) : GradientClipping("per-parameter")
{
    /// <summary>The bound.</summary>
    public double MaxNorm { get; } = Bounds.RequirePositive(maxNorm);

    /// <inheritdoc/>
    public override ClipResult ApplyInPlace(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double before = 0, after = 0;
        foreach (Parameter parameter in parameters)
        {
            if (!IsUpdated(parameter)) continue;
            double squares = Kernels.SumOfSquares(parameter.Gradient);
            double coefficient = CoefficientOf(Math.Sqrt(squares), MaxNorm);
            if (coefficient < 1) Kernels.Scale(parameter.Gradient, coefficient, parameter.Gradient);
            before += squares;
            after += coefficient * coefficient * squares;
        }
        return ClipResult.OfSquares(before, after);
    }
}
