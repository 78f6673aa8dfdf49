using MathNet.Numerics.Integration;

namespace GradFlow.Theory;

/// <summary>
/// Expectations under Gaussians, by Gauss-Legendre panels of 20 nodes. Panels end where the integrand may bend:
/// at 0, where rectifiers have their kink, at ±2^k, where saturating nonlinearities turn, and every three standard
/// deviations. On each panel the integrand is smooth, so that the rule is good to about 1e-14.
/// </summary>
internal static class GaussianQuadrature
{
    private const double Reach = 9;
    private const double PanelWidth = 3;

    private static readonly GaussLegendreRule Rule = new(-1, 1, 20);
    private static readonly double Normalization = 1 / Math.Sqrt(2 * Math.PI);
    private static readonly double[] Bends = [0, 1, 2, 4, 8, 16, 32, 64, -1, -2, -4, -8, -16, -32, -64];

    /// <summary>E[f(mean + deviation·z)], z ~ N(0,1).</summary>
    /// <param name="f">The integrand, smooth but for a kink at 0.</param>
    /// <param name="mean">Mean of the argument.</param>
    /// <param name="deviation">Standard deviation of the argument; 0 gives f(mean).</param>
    /// <param name="tilt">
    /// Where an integrand that grows like e^{tilt·z} has its weight: the window is stretched to reach it.
    /// </param>
    /// <param name="extraBends">Further points, in units of z, at which panels have to end.</param>
    public static double Expect(
        Func<double, double> f, double mean, double deviation, double tilt = 0, IEnumerable<double>? extraBends = null)
    {
        if (deviation == 0)
        {
            return f(mean);
        }

        var sum = 0.0;
        var edges = Edges(mean, deviation, tilt, extraBends ?? []);
        for (var k = 1; k < edges.Count; k++)
        {
            var isEmpty = edges[k] - edges[k - 1] < 1e-12;
            sum += isEmpty ? 0 : Panel(f, mean, deviation, edges[k - 1], edges[k]);
        }

        return sum * Normalization;
    }

    private static double Panel(Func<double, double> f, double mean, double deviation, double from, double to)
    {
        var (center, half) = ((from + to) / 2, (to - from) / 2);
        var sum = 0.0;
        for (var k = 0; k < Rule.Order; k++)
        {
            var z = center + half * Rule.GetAbscissa(k);
            var weight = Math.Exp(-z * z / 2);

            // Beyond the reach of double precision the density wins over any exponential, whatever f says.
            sum += weight == 0 ? 0 : Rule.GetWeight(k) * weight * f(mean + deviation * z);
        }

        return half * sum;
    }

    private static List<double> Edges(double mean, double deviation, double tilt, IEnumerable<double> extraBends)
    {
        var (low, high) = (Math.Min(0, tilt) - Reach, Math.Max(0, tilt) + Reach);
        var edges = new List<double> { high };
        for (var z = low; z < high; z += PanelWidth)
        {
            edges.Add(z);
        }

        edges.AddRange(Bends.Select(x => (x - mean) / deviation).Concat(extraBends).Where(z => z > low && z < high));
        edges.Sort();
        return edges;
    }
}
