using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>max(x, 0).</summary>
/// <param name="name">The stable name.</param>
public sealed class Relu(string name) : Activation(name, "relu")
{
    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool CanDie => true;

    /// <inheritdoc/>
    public override double LargestSlope => 1;

    /// <inheritdoc/>
    public override double SlopeAt(double x) => x > 0 ? 1 : 0;

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Relu(x);
}
