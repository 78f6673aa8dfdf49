using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>x·Φ(x), exact (Hendrycks &amp; Gimpel 2016).</summary>
/// <param name="name">The stable name.</param>
public sealed class Gelu(string name) : Activation(name, "gelu")
{
    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool CanDie => false;

    /// <inheritdoc/>
    public override double LargestSlope => Erf.GeluSlope(Math.Sqrt(2)); // where φ″ = (2 − x²)·φ_N(x) vanishes

    /// <inheritdoc/>
    public override double SlopeAt(double x) => Erf.GeluSlope(x);

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Gelu(x);
}
