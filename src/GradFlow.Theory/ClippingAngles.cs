namespace GradFlow.Theory;

/// <summary>By how much clipping turns a gradient (Pascanu et al. 2013).</summary>
public static class ClippingAngles
{
    /// <summary>
    /// Degrees between a gradient and the same one clipped to ±threshold value by value: large values are cut and
    /// small ones kept, so the direction changes, by up to 90° in many dimensions.
    /// </summary>
    /// <param name="gradient">Finite values, not all 0.</param>
    /// <param name="threshold">Largest size of a value, above 0.</param>
    public static double ByValue(ReadOnlySpan<double> gradient, double threshold)
    {
        CheckThreshold(threshold);
        var clipped = new double[gradient.Length];
        for (var k = 0; k < clipped.Length; k++)
        {
            clipped[k] = Math.Clamp(gradient[k], -threshold, threshold);
        }

        return Between(gradient, clipped);
    }

    /// <summary>Degrees between a gradient and the same one scaled down to a norm: 0, whatever the threshold.</summary>
    /// <param name="gradient">Finite values, not all 0.</param>
    /// <param name="threshold">Largest norm, above 0.</param>
    public static double ByNorm(ReadOnlySpan<double> gradient, double threshold)
    {
        CheckThreshold(threshold);
        var scale = Math.Min(1, threshold / Norm(gradient));
        var clipped = new double[gradient.Length];
        for (var k = 0; k < clipped.Length; k++)
        {
            clipped[k] = scale * gradient[k];
        }

        return Between(gradient, clipped);
    }

    // Kahan's 2·atan2(‖u − v‖, ‖u + v‖) of unit vectors; the arc cosine would lose half of the digits near 0.
    private static double Between(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (normA, normB) = (Norm(a), Norm(b));
        var (difference, sum) = (0.0, 0.0);
        for (var k = 0; k < a.Length; k++)
        {
            var (u, v) = (a[k] / normA, b[k] / normB);
            difference += (u - v) * (u - v);
            sum += (u + v) * (u + v);
        }

        return double.RadiansToDegrees(2 * Math.Atan2(Math.Sqrt(difference), Math.Sqrt(sum)));
    }

    private static double Norm(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value * value;
        }

        return sum > 0 && double.IsFinite(sum)
            ? Math.Sqrt(sum)
            : throw new ArgumentException("An angle needs a finite gradient that isn't 0.", nameof(values));
    }

    private static void CheckThreshold(double threshold)
    {
        if (!(threshold > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold has to be above 0.");
        }
    }
}
