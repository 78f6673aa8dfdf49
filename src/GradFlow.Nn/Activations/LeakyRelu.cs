using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>x where x &gt; 0, else slope·x (Maas, Hannun &amp; Ng 2013).</summary>
/// <param name="name">The stable name.</param>
/// <param name="slope">The slope below 0; 0.01 by default, as in PyTorch.</param>
public sealed class LeakyRelu(string name, double slope = 0.01) : Activation(name, "leaky-relu")
{
    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool CanDie => slope == 0;

    /// <inheritdoc/>
    public override double LargestSlope => Math.Max(1, Math.Abs(slope));

    /// <inheritdoc/>
    public override double SlopeAt(double x) => x > 0 ? 1 : slope;

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.LeakyRelu(x, slope);
}
