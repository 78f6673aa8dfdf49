namespace GradFlow.Nn;

/// <summary>
/// Half a cosine from 1 to a floor, then from 1 again and again, each longer than the last by a factor (Loshchilov
/// &amp; Hutter 2017, eq. 5 and section 3); as PyTorch's <c>CosineAnnealingWarmRestarts</c>.
/// </summary>
/// <param name="first">Steps of the first cosine, at least 1.</param>
/// <param name="growth">How many times as long as the last the next one is, at least 1.</param>
/// <param name="floor">What each one falls to, at least 0.</param>
public sealed class CosineRestarts(int first, int growth = 1, double floor = 0) : Schedule
{
    private readonly int _first = Bounds.RequireCount(first);
    private readonly int _growth = Bounds.RequireCount(growth);
    private readonly double _floor = Bounds.RequireNonNegative(floor);

    private protected override double FactorAt(int step)
    {
        if (_growth == 1) return Cosine.Between(1, _floor, step % _first / (double)_first);
        long length = _first, begin = 0;
        while (begin + length <= step) (begin, length) = (begin + length, length * _growth);
        return Cosine.Between(1, _floor, (step - begin) / (double)length);
    }
}
