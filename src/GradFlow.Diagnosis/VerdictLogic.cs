using GradFlow.Diagnosis.Gains;
using GradFlow.Diagnosis.Lags;
using GradFlow.Diagnosis.Rules;
using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>Weighs findings into a verdict.</summary>
internal static class VerdictLogic
{
    public static Verdict Of(Evidence evidence, IReadOnlyList<Finding> findings)
    {
        if (Untrained.IsWhole(evidence.Run)) return Untrained.Judge(evidence.Run, evidence.Thresholds);
        bool isBroken = evidence.Broken is { IsFinal: true };
        List<string> missing = isBroken ? [] : Missing(evidence);
        if (missing.Count > 0) return new Verdict(VerdictKind.Inconclusive, Inconclusive(evidence, missing), missing);
        if (findings.Count > 0 && findings[0].Severity == Severity.Critical)
            return new Verdict(VerdictKind.Sick, Sick(evidence, findings[0]), []);
        if (findings.Any(finding => finding is { Rule: RuleIds.OrderBlindness, Severity: Severity.Warning }))
            return OrderOpen(evidence);
        if (evidence.Learning.IsOverfit)
            return new Verdict(VerdictKind.Inconclusive, Overfit(evidence), ["a training on more samples"]);
        if (!isBroken && evidence is { LearnsBadly: true, Learning.State: LearningState.Slow })
            return HardlyBegun(evidence);
        return new Verdict(VerdictKind.Healthy, Healthy(evidence) + Orderless(evidence), []);
    }

    private static List<string> Missing(Evidence evidence)
    {
        List<string> missing = [];
        if (evidence is { Learning.State: LearningState.TooShort, IsGradientLost: false, IsThrownOff: false })
            missing.Add($"at least {Learning.EnoughSteps(evidence.Plan, evidence.Thresholds)} training steps");
        bool hasNorms = evidence.Run.Frames.Any(frame => frame.CutNorms?.Any(norm => norm is not null) == true);
        if (!hasNorms)
            missing.Add("the gradient norm at each layer's output (cutNorms), at step 0 and every few steps");
        if (LacksLags(evidence))
            missing.Add("each recurrent layer's gradient norm by lag (throughTime), at step 0 and every few steps");
        if (evidence.Learning is { State: LearningState.Slow } && evidence.Plan.BaselineLoss is null)
            missing.Add("the loss of the best constant prediction (plan.baselineLoss)");
        return missing;
    }

    private static Verdict HardlyBegun(Evidence evidence)
    {
        var more = $"more than {evidence.Run.Steps.Count} training steps";
        string guess = evidence.Learning.Lift is not null
            ? $"a guess has {InWords.Score(evidence.Plan.ChanceMetric!.Value)}"
            : $"a constant prediction has {InWords.Number(evidence.Plan.BaselineLoss!.Value)}";
        return new Verdict(
            VerdictKind.Inconclusive,
            $"Inconclusive: it has hardly begun to learn: {Reach(evidence)}{SoFar(evidence)}, where {guess}. "
                + $"Record {more}.",
            [more]);
    }

    private static Verdict OrderOpen(Evidence evidence)
    {
        const string Other = "the same training of a net that sees it, as with positions in front of the attention";
        return new Verdict(
            VerdictKind.Inconclusive,
            $"Inconclusive: it stands at {OrderBlindness.Standing(evidence)}, and its output does not depend on the "
                + $"order of the time steps. Whether the order tells more is open. Record {Other}.",
            [Other]);
    }

    /// <summary>
    /// What a net may run into that learns on without seeing the order of its time steps; empty of others.
    /// </summary>
    private static string Orderless(Evidence evidence) =>
        evidence is { IsOrderBlind: true, IsShort: true, StandsShort: false }
            ? " Its output does not depend on the order of the time steps; whatever that tells it can't learn."
            : "";

    /// <summary>True where a recurrent net does not learn, and what was not recorded may say why.</summary>
    private static bool LacksLags(Evidence evidence) =>
        evidence.Structure.IsRecurrent && !Untrained.IsThroughTime(evidence.Structure)
        && evidence is { TroubleCause: null, ThroughTime: null }
        && (evidence.Learning.State == LearningState.Stuck || evidence.LearnsBadly);

    private static string Inconclusive(Evidence evidence, List<string> missing)
    {
        string known = evidence.Learning.State switch
        {
            LearningState.TooShort when evidence.Run.Steps.Count == 1 => "1 step is too few to say whether it learns",
            LearningState.TooShort => $"{evidence.Run.Steps.Count} steps are too few to say whether it learns",
            LearningState.Stuck => "it has not learned, but what was recorded does not show why",
            LearningState.Slow => "it has hardly begun to learn",
            _ => "it learns, but its gradients were not recorded",
        };
        return $"Inconclusive: {known}. Record {string.Join(", and ", missing)}.";
    }

    private static string Sick(Evidence evidence, Finding finding)
    {
        if (finding.Cause == CauseIds.Attention && finding.Rule == RuleIds.VanishingThroughTime)
            return ReachFinding.Verdict(evidence);
        if (finding.Rule is RuleIds.VanishingThroughTime or RuleIds.ExplodingThroughTime)
        {
            var told = new TimeWording(evidence.ThroughTime!, finding.Cause, evidence);
            return $"Sick: {told.Disease}. {told.Measure("It")} Cause: {told.Cause}.{told.Consequence}";
        }
        if (finding.Rule is not (RuleIds.VanishingGradient or RuleIds.ExplodingGradient))
            return $"Sick: {char.ToLowerInvariant(finding.Explanation[0])}{finding.Explanation[1..]}";
        var wording = new GainWording(evidence.Flow!, finding.Cause, evidence);
        string disease = evidence.Vanishes ? "the gradient vanishes" : "the gradient explodes";
        return $"Sick: {disease}. {wording.Measure("It")} Cause: {wording.Cause}.{Spite(evidence)}";
    }

    /// <summary>
    /// How far a net came that learns in spite of its disease; empty where it has not learned at all.
    /// </summary>
    private static string Spite(Evidence evidence) =>
        evidence is { LearnsBadly: true, Learning.State: not LearningState.Stuck }
            ? $" It has learned little: {Reach(evidence)}."
            : "";

    private static string Healthy(Evidence evidence)
    {
        string reach = Reach(evidence);
        if (evidence.LearnsBadly) reach = $"it has learned little: {reach}";
        else if (evidence.HasLearnedLittle) reach = $"it has begun to learn: {reach}{SoFar(evidence)}";
        string healthy = evidence.IsUnderWay ? "Healthy: so far" : "Healthy:";
        if (evidence.ThroughTime is { Judged: { HasSlope: true, DecadesPerStep: var slope } } && double.IsFinite(slope))
            return $"{healthy} the gradient {Kept(slope)} and {reach}.";
        return evidence.Flow is { } flow && double.IsFinite(flow.DecadesPerLayer)
            ? $"{healthy} the gradient {InWords.Change(flow.DecadesPerLayer)} decades per layer and {reach}."
            : $"{healthy} {reach}.";
    }

    /// <summary>What is learned by heart, and on how many samples that shows.</summary>
    private static string Overfit(Evidence evidence)
    {
        (Learning learning, Evaluation judged) = (evidence.Learning, evidence.Learning.Judged!);
        string samples = judged.Samples == 1 ? "sample" : "samples";
        return "Inconclusive: it over-fits. Accuracy on the last output reaches "
            + $"{InWords.Score(learning.OwnMetric!.Value)} on what it trains on ({Loss(evidence)}), so its gradient "
            + $"teaches it; on the {judged.Samples} {samples} of {judged.Split} data it is "
            + $"{InWords.Score(learning.Metric!.Value)}. Train it on more samples, and judge it on enough.";
    }

    private static string Kept(double slope) => Math.Abs(slope) < 0.005
        ? "keeps its size through time"
        : $"{InWords.Change(slope)} decades per time step";

    private static string SoFar(Evidence evidence) => evidence.Plan.Steps > 0
        ? $" after {evidence.Run.Steps.Count} of {evidence.Plan.Steps} steps"
        : "";

    private static string Reach(Evidence evidence) =>
        evidence.Learning is { Lift: not null, Metric: { } accuracy }
            ? $"{evidence.Plan.MetricName} reaches {InWords.Score(accuracy)}"
            : Loss(evidence);

    private static string Loss(Evidence evidence) =>
        $"the loss falls from {InWords.Number(evidence.Learning.StartLoss!.Value)} "
        + $"to {InWords.Number(evidence.Learning.EndLoss!.Value)}";
}
