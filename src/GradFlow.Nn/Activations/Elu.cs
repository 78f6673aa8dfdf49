using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>x where x &gt; 0, else α·(eˣ − 1) (Clevert, Unterthiner &amp; Hochreiter 2016).</summary>
/// <param name="name">The stable name.</param>
/// <param name="alpha">α, minus the value far below 0; 1 by default, as in PyTorch.</param>
public sealed class Elu(string name, double alpha = 1) : Activation(name, "elu")
{
    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool CanDie => alpha == 0;

    /// <inheritdoc/>
    public override double LargestSlope => Math.Max(1, Math.Abs(alpha));

    /// <inheritdoc/>
    public override double SlopeAt(double x) => x > 0 ? 1 : alpha * Math.Exp(x);

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Elu(x, alpha);
}
