namespace GradFlow.Theory;

/// <summary>What truncated back-propagation through time sees of the gradient.</summary>
public static class Truncation
{
    /// <summary>
    /// The share of the gradient of the last output that a window captures, where each time step hands a factor a of it
    /// on and all inputs are alike: Σ_{k&lt;K} aᵏ over Σ_{k&lt;T} aᵏ, (1−aᴷ)/(1−aᵀ).
    /// </summary>
    /// <param name="factor">a, finite.</param>
    /// <param name="window">K, time steps before the cut; at least 1.</param>
    /// <param name="steps">T, time steps of the sequence; at least K.</param>
    /// <returns>The share; above 1 where later terms take away, NaN where nothing is left (a = −1, T even).</returns>
    public static double CapturedShare(double factor, int window, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, window);
        if (!double.IsFinite(factor)) throw new ArgumentOutOfRangeException(nameof(factor), factor, "Must be finite.");
        if (factor == -1 && steps % 2 == 0) return double.NaN;

        // Powers of a factor above 1 overflow; Σ_{k<n} aᵏ is aⁿ⁻¹·Σ_{k<n} a⁻ᵏ.
        return Math.Abs(factor) > 1
            ? Math.Pow(factor, window - steps) * Sum(1 / factor, window) / Sum(1 / factor, steps)
            : Sum(factor, window) / Sum(factor, steps);
    }

    /// <summary>
    /// Σ_{k&lt;n} aᵏ for |a| up to 1, in pairs: (1 + a)·Σ_{k&lt;n/2} a²ᵏ. (1 − aⁿ)/(1 − a) would lose digits near 1.
    /// </summary>
    private static double Sum(double factor, int terms) => terms == 0
        ? 0
        : (1 + factor) * Sum(factor * factor, terms / 2) + (terms % 2 == 0 ? 0 : Math.Pow(factor, terms - 1));
}
