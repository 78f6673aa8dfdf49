namespace GradFlow.Nn;

/// <summary>
/// One cycle (Smith &amp; Topin 2018): up along half a cosine from a low rate to the optimiser's, then down along
/// another one to almost nothing. The momentum goes the other way, down while the rate rises and up again, so that high
/// rates come with little of it (Smith 2018, section 4.3). As PyTorch's <c>OneCycleLR</c>.
/// </summary>
/// <param name="totalSteps">Steps of the cycle, at least 2; the last factor stays after it.</param>
/// <param name="rise">The share of the steps that go up, in (0, 1).</param>
/// <param name="start">The first factor, at least 0.</param>
/// <param name="floor">The last factor, at least 0.</param>
/// <param name="leastMomentum">The momentum where the rate is highest, in [0, 1).</param>
/// <param name="mostMomentum">The momentum at both ends, in [0, 1).</param>
public sealed class OneCycle(
    int totalSteps, double rise = 0.3, double start = 0.04, double floor = 4e-6,
    double leastMomentum = 0.85, double mostMomentum = 0.95) : Schedule, IMovesMomentum
{
    private readonly double _least = Bounds.RequireShare(leastMomentum), _most = Bounds.RequireShare(mostMomentum);
    private readonly double _start = Bounds.RequireNonNegative(start);
    private readonly double _floor = Bounds.RequireNonNegative(floor);
    private readonly double _last = Bounds.RequireCount(totalSteps - 1, nameof(totalSteps));

    /// <summary>The step at which the rate is highest, a fraction of steps included, as in PyTorch.</summary>
    private readonly double _top = rise is > 0 and < 1
        ? Math.Max(0, rise * totalSteps - 1)
        : throw new ArgumentOutOfRangeException(nameof(rise), $"rise is {rise}; expected above 0 and below 1");

    /// <summary>Whether the momentum moves; true by default.</summary>
    public bool CyclesMomentum { get; init; } = true;

    /// <inheritdoc/>
    public double? Momentum(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return CyclesMomentum ? Along(step, _most, _least, _most) : null;
    }

    private protected override double FactorAt(int step) => Along(step, _start, 1, _floor);

    private double Along(int step, double first, double top, double last) => step <= _top && _top > 0
        ? Cosine.Between(first, top, step / _top)
        : Cosine.Between(top, last, Math.Min(1, (step - _top) / (_last - _top)));
}
