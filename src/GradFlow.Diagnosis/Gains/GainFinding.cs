using GradFlow.Runs;

namespace GradFlow.Diagnosis.Gains;

/// <summary>Makes the finding of a gradient that vanishes or explodes; the two differ in sign alone.</summary>
internal static class GainFinding
{
    public static Finding Of(string rule, Evidence evidence)
    {
        GradientFlow flow = evidence.Flow!;
        string cause = evidence.TroubleCause!;
        var wording = new GainWording(flow, cause, evidence);
        return new Finding(
            rule, cause, SeverityOf(flow, evidence), flow.Layers.Span, flow.SinceStep(evidence.Thresholds),
            Numbers(flow), $"{wording.Measure("The gradient")} {wording.CauseSentence}",
            cause == CauseIds.LossOrOutput
                ? [evidence.Shrinker!.Value.Remedy]
                : Prescription.For(rule, cause, flow.Attribution.Activation));
    }

    private static Severity SeverityOf(GradientFlow flow, Evidence evidence)
    {
        // Where training brought it about and broke off, it is a stage on the way there, not what was wrong.
        if (evidence.Broken is { IsFinal: true } && !flow.IsFromStart(evidence.Thresholds)) return Severity.Warning;
        if (!evidence.IsExplainedByLayers || flow.IsLate && evidence.IsExplainedFromStart) return Severity.Warning;
        bool isGrave = Math.Abs(flow.LogRatio) >= evidence.Thresholds.GraveDecades;
        bool isLost = evidence is { Learning.State: LearningState.TooShort, IsGradientLost: true };
        // A vanished gradient keeps a net from learning, but does not end it in NaN; one that explodes does both.
        bool fails = flow.LogRatio > 0 ? evidence.Fails : evidence.Learning.State == LearningState.Stuck || isLost;
        bool slows = evidence.LearnsBadly && flow.IsFromStart(evidence.Thresholds);
        if (fails || slows || isGrave && evidence.Learning.State == LearningState.Slow) return Severity.Critical;
        return isGrave || evidence.Learning.State != LearningState.Learned ? Severity.Warning : Severity.Info;
    }

    /// <summary>The numbers that a flow is judged by; kinds that the net lacks are left out.</summary>
    public static Dictionary<string, double> Numbers(GradientFlow flow)
    {
        GainAttribution gains = flow.Attribution;
        Dictionary<string, double> numbers = new()
        {
            ["decadesPerLayer"] = flow.DecadesPerLayer,
            ["totalDecades"] = flow.TotalDecades,
            ["ratioFirstToLast"] = flow.LogRatio,
        };
        foreach (LinkKind kind in Enum.GetValues<LinkKind>().Where(gains.Has))
        {
            string name = kind == LinkKind.Weights ? "weight" : kind.ToString().ToLowerInvariant();
            numbers[name + "Decades"] = gains.Decades(kind);
            numbers[name + "Share"] = gains.Share(kind);
        }
        if (gains.WeightGain is { } gain) numbers["weightGain"] = gain;
        if (gains.Critical is { IsUsable: true } critical) numbers["criticalSigma"] = critical.SigmaW;
        return numbers;
    }
}
