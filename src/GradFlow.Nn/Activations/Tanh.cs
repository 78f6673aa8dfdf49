using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>tanh x; its slope is at most 1.</summary>
/// <param name="name">The stable name.</param>
public sealed class Tanh(string name) : Activation(name, "tanh")
{
    /// <inheritdoc/>
    public override bool IsBounded => true;

    /// <inheritdoc/>
    public override bool CanDie => false;

    /// <inheritdoc/>
    public override double LargestSlope => 1;

    /// <inheritdoc/>
    public override double SlopeAt(double x)
    {
        double y = Math.Tanh(x);
        return 1 - y * y;
    }

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Tanh(x);
}
