using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// x where x &gt; 0, else a·x: in training with a slope a of each element's own, drawn anew at every step, in
/// evaluation with the mean slope (Xu et al. 2015).
/// </summary>
/// <param name="name">The stable name, which the draws are keyed by.</param>
/// <param name="lower">The smallest slope; 1/8 by default, as in PyTorch.</param>
/// <param name="upper">The largest slope, at least the smallest; 1/3 by default, as in PyTorch.</param>
public sealed class Rrelu(string name, double lower = 1.0 / 8, double upper = 1.0 / 3) : Activation(name, "rrelu")
{
    private readonly double _mean = (lower + upper) / 2;

    /// <inheritdoc/>
    public override bool IsBounded => false;

    /// <inheritdoc/>
    public override bool CanDie => lower == 0 && upper == 0;

    /// <inheritdoc/>
    public override double LargestSlope => Math.Max(1, Math.Max(Math.Abs(lower), Math.Abs(upper)));

    /// <summary>φ'(x) in evaluation, which is also its mean over the draws.</summary>
    public override double SlopeAt(double x) => x > 0 ? 1 : _mean;

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => pass.IsTraining
        ? Ops.Rrelu(x, lower, upper, pass.Draws.For("rrelu", Name))
        : Ops.LeakyRelu(x, _mean);
}
