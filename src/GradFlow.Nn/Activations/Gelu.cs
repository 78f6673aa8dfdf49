using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>x·Φ(x), exact or with a tanh in place of Φ (Hendrycks &amp; Gimpel 2016).</summary>
/// <param name="name">The stable name.</param>
/// <param name="isApproximate">
/// True for ½x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), which is off by less than 10⁻³.
/// </param>
public sealed class Gelu(string name, bool isApproximate = false) : Activation(name, "gelu")
{
    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool CanDie => false;

    /// <inheritdoc/>
    public override double LargestSlope => SlopeAt(isApproximate
        ? 1.418504 // where φ″ vanishes, found by bisection
        : Math.Sqrt(2)); // where φ″ = (2 − x²)·φ_N(x) does

    /// <inheritdoc/>
    public override double SlopeAt(double x) => isApproximate ? SlopeOfTanhForm(x) : Erf.GeluSlope(x);

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) =>
        isApproximate ? Ops.GeluTanh(x) : Ops.Gelu(x);

    private static double SlopeOfTanhForm(double x)
    {
        double t = Math.Tanh(Math.Sqrt(2 / Math.PI) * x * (1 + 0.044715 * x * x));
        double slope = Math.Sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
        return 0.5 * (1 + t + x * (1 - t * t) * slope);
    }
}
