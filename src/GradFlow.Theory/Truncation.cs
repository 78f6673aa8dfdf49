namespace GradFlow.Theory;

/// <summary>What truncated back-propagation through time sees of the gradient.</summary>
public static class Truncation
{
    /// <summary>
    /// The share of the gradient of the last output that a window captures, where each time step hands a factor a of it
    /// on and all inputs are alike: Σ_{k&lt;K} aᵏ over Σ_{k&lt;T} aᵏ, (1−aᴷ)/(1−aᵀ).
    /// </summary>
    /// <param name="factor">a.</param>
    /// <param name="window">K, time steps before the cut; at least 1.</param>
    /// <param name="steps">T, time steps of the sequence; at least K.</param>
    public static double CapturedShare(double factor, int window, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, window);
        return factor == 1
            ? (double)window / steps
            : (1 - Math.Pow(factor, window)) / (1 - Math.Pow(factor, steps));
    }
}
