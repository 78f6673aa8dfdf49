using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace GradFlow.Theory;

/// <summary>
/// What narrow ReLU nets with He weights and no biases do that wide ones don't: the mean squared norm is kept, but
/// single nets scatter around it, typical ones shrink, and some are born dead.
/// </summary>
public static class FiniteWidth
{
    /// <summary>E‖h‖⁴ after L layers over its start, at E‖h‖² kept: (1 + 5/n)^L (Hanin 2018).</summary>
    /// <param name="width">n.</param>
    /// <param name="depth">L.</param>
    public static double FourthMomentGrowth(int width, int depth)
    {
        Check(width, depth);
        return Math.Pow(1 + 5.0 / width, depth);
    }

    /// <summary>
    /// E[ln(‖h_{l+1}‖/‖h_l‖)] of a layer with a live unit: ½·E[ψ(K/2) + ln(4/n)], K ~ Bin(n, ½) given K ≥ 1, about
    /// −5/(4n). Given K live units the squared norm changes by (2/n)·χ²_K.
    /// </summary>
    /// <param name="width">n.</param>
    public static double TypicalLogGrowth(int width)
    {
        Check(width, 0);
        var live = 1 - Math.Pow(0.5, width);
        return Enumerable.Range(1, width).Sum(k =>
            Binomial.PMF(0.5, width, k) / live * (SpecialFunctions.DiGamma(k / 2.0) + Math.Log(4.0 / width)) / 2);
    }

    /// <summary>
    /// P(some layer is silent for a given input): 1 − (1 − 2^−n)^L; then no gradient passes (Lu et al. 2019).
    /// </summary>
    /// <param name="width">n.</param>
    /// <param name="depth">L.</param>
    public static double BornDeadProbability(int width, int depth)
    {
        Check(width, depth);
        return 1 - Math.Pow(1 - Math.Pow(0.5, width), depth);
    }

    private static void Check(int width, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
    }
}
