using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>1/(1+e⁻ˣ); its slope is at most ¼.</summary>
/// <param name="name">The stable name.</param>
public sealed class Sigmoid(string name) : Activation(name, "sigmoid")
{
    /// <inheritdoc/>
    public override bool IsBounded => true;

    /// <inheritdoc/>
    public override bool CanDie => false;

    /// <inheritdoc/>
    public override double LargestSlope => 0.25;

    /// <inheritdoc/>
    public override double SlopeAt(double x)
    {
        double y = 1 / (1 + Math.Exp(-x));
        return y * (1 - y);
    }

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Sigmoid(x);
}
