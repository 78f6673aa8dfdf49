namespace GradFlow.Nn;

/// <summary>
/// One cycle (Smith &amp; Topin 2018): up along half a cosine from a low rate to the optimiser's, then down along
/// another one to almost nothing; as PyTorch's <c>OneCycleLR</c>, without its cycle of the momentum.
/// </summary>
/// <param name="totalSteps">Steps of the cycle, at least 2; the last factor stays after it.</param>
/// <param name="rise">The share of the steps that go up, in (0, 1).</param>
/// <param name="start">The first factor, at least 0.</param>
/// <param name="floor">The last factor, at least 0.</param>
public sealed class OneCycle(int totalSteps, double rise = 0.3, double start = 0.04, double floor = 4e-6) : Schedule
{
    private readonly double _start = Bounds.RequireNonNegative(start);
    private readonly double _floor = Bounds.RequireNonNegative(floor);
    private readonly double _last = Bounds.RequireCount(totalSteps - 1, nameof(totalSteps));

    /// <summary>The step at which the rate is highest, a fraction of steps included, as in PyTorch.</summary>
    private readonly double _top = rise is > 0 and < 1
        ? Math.Max(0, rise * totalSteps - 1)
        : throw new ArgumentOutOfRangeException(nameof(rise), $"rise is {rise}; expected above 0 and below 1");

    private protected override double FactorAt(int step) => step <= _top && _top > 0
        ? Cosine.Between(_start, 1, step / _top)
        : Cosine.Between(1, _floor, Math.Min(1, (step - _top) / (_last - _top)));
}
