namespace GradFlow.Theory;

/// <summary>E[f(u₁)·f(u₂)] of two jointly Gaussian variables with mean 0, by nested quadrature.</summary>
internal static class BivariateGaussian
{
    /// <summary>Writes u₂ = b·z₁ + s·z₂ given u₁ = √q₁·z₁ and integrates over z₂ inside, over z₁ outside.</summary>
    public static double Expect(
        Func<double, double> f, double q1, double q2, double covariance, double exponentialRate)
    {
        // The wider variable goes outside: then f(b·z₁) bends no faster than f(a·z₁).
        (q1, q2) = (Math.Max(q1, q2), Math.Min(q1, q2));
        var a = Math.Sqrt(q1);
        var b = a == 0 ? 0 : covariance / a;
        var residual = Math.Max(0, q2 - b * b);

        // What cancellation leaves of a perfect correlation is no variance.
        var s = residual < 1e-15 * q2 ? 0 : Math.Sqrt(residual);

        double Inner(double mean) => GaussianQuadrature.Expect(f, mean, s, exponentialRate * s);
        return GaussianQuadrature.Expect(
            z => f(a * z) * Inner(b * z), 0, 1, exponentialRate * (a + b), Bends(a, b, s));
    }

    // The integrand of the outer integral bends where f(a·z) does, and f(b·z)'s kink at 0 is smoothed over s.
    private static IEnumerable<double> Bends(double a, double b, double s)
    {
        for (var x = 1.0; x <= 64; x *= 2)
        {
            yield return x / Math.Max(a, 1e-300);
            yield return -x / Math.Max(a, 1e-300);
        }

        for (var k = -9; k <= 9 && b != 0; k += 3)
        {
            yield return k * s / Math.Abs(b);
        }
    }
}
