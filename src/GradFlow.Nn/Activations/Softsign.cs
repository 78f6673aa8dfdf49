using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// x/(1 + |x|): bounded like tanh, with slopes that fade as 1/x² rather than exponentially (Bergstra et al. 2009).
/// </summary>
/// <param name="name">The stable name.</param>
public sealed class Softsign(string name) : Activation(name, "softsign")
{
    /// <inheritdoc/>
    public override bool IsBounded => true;

    /// <inheritdoc/>
    public override bool CanDie => false;

    /// <inheritdoc/>
    public override double LargestSlope => 1;

    /// <inheritdoc/>
    public override double SlopeAt(double x) => 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x)));

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Softsign(x);
}
