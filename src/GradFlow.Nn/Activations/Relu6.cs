using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>min(max(x, 0), 6) (Krizhevsky 2010).</summary>
/// <param name="name">The stable name.</param>
public sealed class Relu6(string name) : Activation(name, "relu6")
{
    /// <inheritdoc/>
    public override bool IsBounded => true;

    /// <inheritdoc/>
    public override bool CanDie => true;

    /// <inheritdoc/>
    public override double LargestSlope => 1;

    /// <inheritdoc/>
    public override double SlopeAt(double x) => x is > 0 and < 6 ? 1 : 0;

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Relu6(x);
}
