using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// λx where x &gt; 0, else λα·(eˣ − 1): layers of it keep N(0, 1), given weights of variance 1/fan-in (Klambauer et al.
/// 2017).
/// </summary>
/// <param name="name">The stable name.</param>
public sealed class Selu(string name) : Activation(name, "selu")
{
    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool CanDie => false;

    /// <inheritdoc/>
    public override double LargestSlope => Ops.SeluScale * Ops.SeluAlpha;

    /// <inheritdoc/>
    public override double SlopeAt(double x) =>
        x > 0 ? Ops.SeluScale : Ops.SeluScale * Ops.SeluAlpha * Math.Exp(x);

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.Selu(x);
}
