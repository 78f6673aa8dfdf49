using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// Scales all gradients by one factor so that their norm is at most a bound; the direction stays (Pascanu,
/// Mikolov &amp; Bengio 2013, algorithm 1). As in PyTorch's <c>clip_grad_norm_</c> the factor is
/// min(1, bound/(norm + 10⁻⁶)).
/// </summary>
/// <remarks>
/// A norm that is not finite has no direction to keep: the gradients are then left as they are, so that what went wrong
/// stays to be seen, and the coefficient is 1.
/// </remarks>
/// <param name="maxNorm">The bound, above 0.</param>
public sealed class ClipByNorm(double maxNorm) : GradientClipping("norm")
{
    /// <summary>The bound.</summary>
    public double MaxNorm { get; } = Bounds.RequirePositive(maxNorm);

    /// <inheritdoc/>
    public override ClipResult ApplyInPlace(IReadOnlyList<Parameter> parameters) =>
        ScaleTo(MaxNorm, GlobalNorm(parameters), parameters);
}
