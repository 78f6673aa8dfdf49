namespace GradFlow.Theory;

/// <summary>
/// E[f(u₁)·f(u₂)] of two jointly Gaussian variables with mean 0: by Mehler's series where they are weakly correlated,
/// as samples behind batch norm are, and by nested quadrature, at a hundred times the cost, where they aren't.
/// </summary>
internal static class BivariateGaussian
{
    private const double Weak = 0.5;

    /// <summary>
    /// E[f(u₁)·f(u₂)]; an f that grows like e^(exponentialRate·u) says so, and one that has kinks beside that at 0.
    /// </summary>
    public static double Expect(
        Func<double, double> f, double q1, double q2, double covariance, double exponentialRate, double[] kinks)
    {
        var isWeak = Math.Abs(covariance) <= Weak * Math.Sqrt(q1 * q2);
        return isWeak && exponentialRate == 0 && q1 > 0 && q2 > 0
            ? Series(f, q1, q2, covariance / Math.Sqrt(q1 * q2), kinks)
            : Nested(f, q1, q2, covariance, exponentialRate, kinks);
    }

    /// <summary>
    /// Σ a_k(q₁)·a_k(q₂)·ρ^k with the coefficients of f in normalised Hermite polynomials (Mehler 1866). What is left
    /// out after k terms is at most |ρ|^k of E[f²].
    /// </summary>
    internal static double Series(Func<double, double> f, double q1, double q2, double rho, params double[] kinks)
    {
        var (sum, power) = (0.0, 1.0);
        for (var k = 0; Math.Abs(power) > 1e-13; k++)
        {
            var first = Coefficient(f, q1, k, kinks);
            sum += power * first * (q1 == q2 ? first : Coefficient(f, q2, k, kinks));
            power *= rho;
        }

        return sum;
    }

    /// <summary>Writes u₂ = b·z₁ + s·z₂ given u₁ = √q₁·z₁ and integrates over z₂ inside, over z₁ outside.</summary>
    internal static double Nested(
        Func<double, double> f, double q1, double q2, double covariance, double exponentialRate, params double[] kinks)
    {
        // The wider variable goes outside: then f(b·z₁) bends no faster than f(a·z₁).
        (q1, q2) = (Math.Max(q1, q2), Math.Min(q1, q2));
        var a = Math.Sqrt(q1);
        var b = a == 0 ? 0 : covariance / a;
        var residual = Math.Max(0, q2 - b * b);

        // What cancellation leaves of a perfect correlation is no variance.
        var s = residual < 1e-15 * q2 ? 0 : Math.Sqrt(residual);

        double Inner(double mean) => GaussianQuadrature.Expect(
            f, mean, s, exponentialRate * s, kinks.Select(kink => (kink - mean) / s));
        return GaussianQuadrature.Expect(
            z => f(a * z) * Inner(b * z), 0, 1, exponentialRate * (a + b),
            Bends(a, b, s).Concat(kinks.Select(kink => kink / a)));
    }

    private static double Coefficient(Func<double, double> f, double q, int k, double[] kinks)
    {
        var deviation = Math.Sqrt(q);
        return GaussianQuadrature.Expect(
            x => f(x) * Hermite(k, x / deviation), 0, deviation, 0, kinks.Select(kink => kink / deviation));
    }

    // He_k(z)/√k!.
    private static double Hermite(int k, double z)
    {
        var (previous, current) = (0.0, 1.0);
        for (var j = 0; j < k; j++)
        {
            (previous, current) = (current, (z * current - Math.Sqrt(j) * previous) / Math.Sqrt(j + 1));
        }

        return current;
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
