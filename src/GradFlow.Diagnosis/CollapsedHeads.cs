using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>
/// Heads of attention whose entropy has collapsed (Zhai et al. 2023): each query looks at one key alone. Sharp heads
/// are also what a net that has learned may have, so that they are told only of one that has not.
/// </summary>
internal static class CollapsedHeads
{
    public static IEnumerable<Finding> Judge(string rule, Evidence evidence)
    {
        if (evidence.Learning.State != LearningState.Stuck && !evidence.LearnsBadly) yield break;
        List<HeadEntropy> lost = Lost(evidence, evidence.Flow?.Frames ?? []);
        if (lost.Count == 0) lost = Lost(evidence, evidence.Run.Frames.TakeLast(1));
        if (lost.Count == 0) yield break;
        HeadEntropy worst = lost.MinBy(layer => layer.Mean)!;
        bool fell = worst.First - worst.Mean >= evidence.Thresholds.ShareRise;
        string cause = fell ? CauseIds.LearningRate : CauseIds.WeightScale;
        int heads = worst.Below(evidence.Thresholds.CollapsedEntropy);
        yield return new Finding(
            rule, cause, evidence.Learning.State == LearningState.Stuck ? Severity.Critical : Severity.Warning,
            new LayerSpan(lost[0].Layer.Name, lost[^1].Layer.Name), Since(worst, evidence),
            new Dictionary<string, double>
            {
                ["attentionEntropyShare"] = worst.Mean,
                ["firstAttentionEntropyShare"] = worst.First,
                ["collapsedHeads"] = heads,
                ["layers"] = lost.Count,
            },
            $"{heads} of {worst.Layer.Heads} heads of {worst.Layer.Name} look at one key alone: the entropy of its "
                + $"weights is {InWords.Percent(worst.Mean)} of what it could be, and hardly any gradient reaches what "
                + $"made them choose. {Why(fell, worst)}",
            Prescription.For(rule, cause));
    }

    private static List<HeadEntropy> Lost(Evidence evidence, IEnumerable<Frame> stretch) =>
        [.. HeadEntropy.Of(evidence.Run, stretch).Where(layer =>
            layer.Below(evidence.Thresholds.CollapsedEntropy)
                >= evidence.Thresholds.SaturatedShare * layer.Layer.Heads)];

    private static int Since(HeadEntropy worst, Evidence evidence) => (evidence.Run.Frames.FirstOrDefault(frame =>
        HeadEntropy.Of(evidence.Run, [frame]).Any(layer => layer.Layer == worst.Layer
            && layer.Below(evidence.Thresholds.CollapsedEntropy)
                >= evidence.Thresholds.SaturatedShare * layer.Layer.Heads)) ?? evidence.Run.Frames[0]).Step;

    private static string Why(bool fell, HeadEntropy worst) => fell
        ? $"It was {InWords.Percent(worst.First)} at first: steps that are too large drove them there."
        : "It is so from the start: the weights that make queries and keys are too large.";
}
