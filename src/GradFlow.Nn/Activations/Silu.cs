using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>x·σ(x), also called swish (Elfwing, Uchibe &amp; Doya 2018).</summary>
/// <param name="name">The stable name.</param>
public sealed class Silu(string name) : Activation(name, "silu")
{
    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool CanDie => false;

    /// <inheritdoc/>
    public override double LargestSlope => SlopeAt(2.3993572805154676); // where φ″ vanishes: x·tanh(x/2) = 2

    /// <inheritdoc/>
    public override double SlopeAt(double x)
    {
        double y = 1 / (1 + Math.Exp(-x));
        return y * (1 + x * (1 - y));
    }

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Silu(x);
}
