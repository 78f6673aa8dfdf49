using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>eˣ.</summary>
/// <param name="name">The stable name.</param>
public sealed class Exponential(string name) : Activation(name, "exponential")
{
    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool CanDie => false;

    /// <inheritdoc/>
    public override double LargestSlope => double.PositiveInfinity;

    /// <inheritdoc/>
    public override double SlopeAt(double x) => Math.Exp(x);

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Exp(x);
}
