using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>ln(1 + e^(βx))/β, a smooth ReLU (Dugas et al. 2001).</summary>
/// <param name="name">The stable name.</param>
/// <param name="beta">β, above 0: how sharply it bends at 0; 1 by default, as in PyTorch.</param>
public sealed class Softplus(string name, double beta = 1) : Activation(name, "softplus")
{
    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool CanDie => false;

    /// <inheritdoc/>
    public override double LargestSlope => 1;

    /// <inheritdoc/>
    public override double SlopeAt(double x) => 1 / (1 + Math.Exp(-beta * x));

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Softplus(x, beta);
}
