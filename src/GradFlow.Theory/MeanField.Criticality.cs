namespace GradFlow.Theory;

public sealed partial class MeanField
{
    private const double UsableSaturatedShare = 0.25;

    /// <summary>
    /// σw with χ = 1 at a stable fixed point of the variance (the critical line of Schoenholz et al. 2017, section 3);
    /// null where there is none, as for the exponential.
    /// </summary>
    /// <param name="nonlinearity">φ.</param>
    /// <param name="sigmaB2">σb², variance of a bias.</param>
    public static double? CriticalSigmaW(Nonlinearity nonlinearity, double sigmaB2 = 0) =>
        CriticalGain(nonlinearity, sigmaB2)?.SigmaW;

    /// <summary>The critical weight scale, and whether a net would learn there.</summary>
    /// <param name="nonlinearity">φ.</param>
    /// <param name="sigmaB2">σb², variance of a bias; without effect on χ for homogeneous φ.</param>
    /// <returns>Null where no weight scale gives χ = 1 at a stable fixed point.</returns>
    public static CriticalGain? CriticalGain(Nonlinearity nonlinearity, double sigmaB2 = 0)
    {
        ArgumentNullException.ThrowIfNull(nonlinearity);
        CheckVariance(sigmaB2, nameof(sigmaB2));
        if (nonlinearity.IsPositivelyHomogeneous)
        {
            return CriticalAt(nonlinearity, 1) with { Variance = double.NaN };
        }

        foreach (var q in CriticalVariances(nonlinearity, sigmaB2))
        {
            var candidate = CriticalAt(nonlinearity, q);
            if (IsStable(new MeanField(nonlinearity, candidate.SigmaW * candidate.SigmaW, sigmaB2), q))
            {
                return candidate;
            }
        }

        return null;
    }

    private static CriticalGain CriticalAt(Nonlinearity nonlinearity, double q)
    {
        var saturated = nonlinearity.SaturatedShare(q);
        return new CriticalGain(
            1 / Math.Sqrt(nonlinearity.SlopeSecondMoment(q)), q, saturated,
            !nonlinearity.IsBounded || saturated <= UsableSaturatedShare);
    }

    // With σw² = 1/E[φ'²] every q has χ = 1; it is a fixed point where q = E[φ²]/E[φ'²] + σb².
    private static IEnumerable<double> CriticalVariances(Nonlinearity nonlinearity, double sigmaB2)
    {
        double Excess(double q) =>
            nonlinearity.SecondMoment(q) / nonlinearity.SlopeSecondMoment(q) + sigmaB2 - q;

        if (sigmaB2 == 0 && nonlinearity.Value(0) == 0)
        {
            yield return 0;
        }

        var (q, excess) = (1e-4, Excess(1e-4));
        while (q < 1e4)
        {
            var next = q * 1.1;
            var nextExcess = Excess(next);
            if (excess * nextExcess < 0)
            {
                yield return Bisection.Root(Excess, q, next);
            }

            (q, excess) = (next, nextExcess);
        }
    }

    // Stable from above at 0, and on both sides elsewhere: the variance has to move towards q.
    private static bool IsStable(MeanField net, double q) => q == 0
        ? net.Drift(1e-3) <= 0
        : net.Drift(q * 1.001) < 0 && net.Drift(q / 1.001) > 0;
}
