namespace GradFlow.Theory;

/// <summary>Roots of a function that changes its sign, to the last bits.</summary>
internal static class Bisection
{
    // A root at 0 is never met to relative precision; 2^-100 of the bracket is near enough.
    private const int MaxSteps = 100;

    /// <summary>A root between <paramref name="from"/> and <paramref name="to"/>, in either order.</summary>
    public static double Root(Func<double, double> f, double from, double to)
    {
        var negative = f(from) < 0;
        for (var step = 0; step < MaxSteps && Math.Abs(to - from) > 1e-14 * Math.Abs(from + to); step++)
        {
            var middle = (from + to) / 2;
            (from, to) = f(middle) < 0 == negative ? (middle, to) : (from, middle);
        }

        return (from + to) / 2;
    }
}
