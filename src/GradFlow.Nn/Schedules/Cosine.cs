namespace GradFlow.Nn;

/// <summary>
/// Half a cosine from 1 to a floor: floor + (1 − floor)·(1 + cos(π·step/totalSteps))/2, then the floor
/// (Loshchilov &amp; Hutter 2017, eq. 5, without restarts).
/// </summary>
/// <param name="totalSteps">The step at which the floor is reached, at least 1.</param>
/// <param name="floor">The last factor, at least 0.</param>
public sealed class Cosine(int totalSteps, double floor = 0) : Schedule
{
    private readonly int _totalSteps = Bounds.RequireCount(totalSteps);
    private readonly double _floor = Bounds.RequireNonNegative(floor);

    private protected override double FactorAt(int step) =>
        Between(1, _floor, Math.Min(1, (double)step / _totalSteps));

    /// <summary>From one factor to another along half a cosine, at a share of the way.</summary>
    internal static double Between(double from, double to, double way) =>
        to + (from - to) * (1 + Math.Cos(Math.PI * way)) / 2;
}
