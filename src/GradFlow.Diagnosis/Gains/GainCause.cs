using GradFlow.Runs;

namespace GradFlow.Diagnosis.Gains;

/// <summary>Names what makes a gradient vanish or explode.</summary>
internal static class GainCause
{
    /// <summary>The cause id (<see cref="CauseIds"/>) of a troubled flow.</summary>
    public static string Of(GradientFlow flow, Evidence evidence)
    {
        if (!flow.IsFromStart(evidence.Thresholds))
        {
            if (flow.LogRatio < 0 && evidence.Shrinker is not null) return CauseIds.LossOrOutput;
            return evidence.UnscaledData is null ? CauseIds.LearningRate : CauseIds.DataScale;
        }
        return flow.LogRatio < 0 ? OfDecay(flow, evidence) : OfGrowth(flow, evidence.Thresholds);
    }

    private static string OfGrowth(GradientFlow flow, Thresholds thresholds)
    {
        GainAttribution gains = flow.Attribution;
        if (gains.Share(LinkKind.Normalization) >= 0.5) return CauseIds.Normalization;
        if (gains.Share(LinkKind.Skip) >= 0.5) return CauseIds.ResidualScale;
        if (gains.Share(LinkKind.Recurrence) >= 0.5) return CauseIds.Recurrence;
        return flow.DecadesPerLayer <= thresholds.CriticalSlope && !AreTooLarge(gains, thresholds)
            ? CauseIds.Depth
            : CauseIds.WeightScale;
    }

    /// <summary>
    /// Large weights drive a bounded activation onto its flat ends, which takes most of the growth back: what is left
    /// may be little per layer, but none would be left at the critical scale.
    /// </summary>
    private static bool AreTooLarge(GainAttribution gains, Thresholds thresholds) =>
        gains is { WeightGain: { } gain, Critical: { IsUsable: true } critical }
        && Math.Log10(gain / critical.SigmaW) > thresholds.CriticalSlope;

    private static string OfDecay(GradientFlow flow, Evidence evidence)
    {
        GainAttribution gains = flow.Attribution;
        if (double.IsNegativeInfinity(flow.LogRatio)) return OfZero(gains, evidence);
        if (flow.DecadesPerLayer >= -evidence.Thresholds.CriticalSlope) return CauseIds.Depth;
        if (gains.Critical is { IsUsable: false }
            && gains.Share(LinkKind.Activation) >= evidence.Thresholds.ActivationShare)
            return CauseIds.Activation;
        return Largest(gains) switch
        {
            LinkKind.Normalization => CauseIds.Normalization,
            LinkKind.Recurrence => CauseIds.Recurrence,
            LinkKind.Skip => CauseIds.ResidualScale,
            LinkKind.Weights => CauseIds.WeightScale,
            LinkKind.Activation => OfFlatActivation(gains, evidence),
            _ => CauseIds.Depth,
        };
    }

    private static LinkKind Largest(GainAttribution gains) =>
        Enum.GetValues<LinkKind>().MaxBy(gains.Share);

    /// <summary>Exact zeros: weights of zero, or units that are all dead or flat.</summary>
    private static string OfZero(GainAttribution gains, Evidence evidence) =>
        gains.Share(LinkKind.Activation) > gains.Share(LinkKind.Weights) && evidence.HasUnscaledInputs
            ? CauseIds.DataScale
            : CauseIds.WeightScale;

    /// <summary>
    /// An activation that could pass the gradient, but does not, was driven onto its flat ends: by inputs, else by
    /// weights larger than it needs, else it is simply what it is.
    /// </summary>
    private static string OfFlatActivation(GainAttribution gains, Evidence evidence)
    {
        if (evidence.HasUnscaledInputs) return CauseIds.DataScale;
        bool areWeightsLarge = gains.Excess(LinkKind.Weights) > 0;
        return areWeightsLarge && gains.Critical is { IsUsable: true } ? CauseIds.WeightScale : CauseIds.Activation;
    }
}
