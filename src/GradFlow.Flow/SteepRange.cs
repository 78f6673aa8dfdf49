using GradFlow.Nn;

namespace GradFlow.Flow;

/// <summary>
/// The inputs at which a bounded activation is not saturated: an open interval around 0, found once, so that a frame
/// compares numbers instead of evaluating slopes.
/// </summary>
/// <remarks>
/// A bounded activation is steepest at 0, or right beside it, and its slope falls on both sides, as those of sigmoid
/// and tanh do. A side that is flat from 0 on, as a rectifier's, is silent rather than saturated: none of it counts.
/// </remarks>
/// <param name="Low">The largest input below 0 that is saturated; −∞ where none is.</param>
/// <param name="High">The smallest input above 0 that is saturated; ∞ where none is.</param>
internal readonly record struct SteepRange(double Low, double High)
{
    /// <summary>An activation is saturated where |φ'| is below this share of its largest slope.</summary>
    private const double SaturationLevel = 0.05;

    /// <summary>Where nothing saturates.</summary>
    public static SteepRange Everywhere { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public static SteepRange Of(Activation activation) => new(-End(activation, -1), End(activation, 1));

    private static double End(Activation activation, int sign)
    {
        double limit = SaturationLevel * activation.LargestSlope, steep = 0, flat = 1;
        bool IsFlat(double x) => Math.Abs(activation.SlopeAt(sign * x)) < limit;
        if (IsFlat(double.Epsilon)) return double.PositiveInfinity;
        while (!IsFlat(flat)) flat *= 2;
        for (double middle = flat / 2; middle > steep && middle < flat; middle = steep + (flat - steep) / 2)
        {
            if (IsFlat(middle)) flat = middle;
            else steep = middle;
        }
        return flat;
    }
}
