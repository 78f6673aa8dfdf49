using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>x between two bounds, else the nearer of them (Collobert 2004).</summary>
public sealed class HardTanh : Activation
{
    private readonly double _min;
    private readonly double _max;

    /// <summary>Makes the activation.</summary>
    /// <param name="name">The stable name.</param>
    /// <param name="min">The smallest value, at most 0; −1 by default, as in PyTorch.</param>
    /// <param name="max">The largest value, at least 0 and above the smallest; 1 by default, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bounds don't lie around 0.</exception>
    public HardTanh(string name, double min = -1, double max = 1)
        : base(name, "hard-tanh")
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(min, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 0);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(max, min);
        (_min, _max) = (min, max);
    }

    /// <inheritdoc/>
    public override bool IsBounded => true;

    /// <inheritdoc/>
    public override bool CanDie => true;

    /// <inheritdoc/>
    public override double LargestSlope => 1;

    /// <inheritdoc/>
    public override double SlopeAt(double x) => x > _min && x < _max ? 1 : 0;

    /// <inheritdoc/>
    protected override Variable Forward(Variable x, Pass pass) => Ops.HardTanh(x, _min, _max);
}
