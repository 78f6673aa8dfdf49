using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>
/// Units of a bounded activation that sit on its flat ends, and heads of attention whose softmax does, where hardly any
/// gradient passes.
/// </summary>
/// <remarks>
/// Judged before the net has converged, since units that are sure of their answer saturate in a trained net, and
/// without the net's own output, whose saturation is part of the loss.
/// </remarks>
public sealed class SaturatedUnits : Rule
{
    /// <inheritdoc/>
    public override string Id => RuleIds.SaturatedUnits;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return [.. Units(evidence), .. CollapsedHeads.Judge(Id, evidence)];
    }

    private IEnumerable<Finding> Units(Evidence evidence)
    {
        List<UnitShares> lost = Lost(evidence, evidence.Flow?.Frames ?? []);
        if (lost.Count == 0 && (evidence.Learning.State == LearningState.Stuck || evidence.LearnsBadly))
            lost = Lost(evidence, evidence.Run.Frames.TakeLast(1));
        if (lost.Count == 0) yield break;

        UnitShares worst = lost.MaxBy(layer => layer.Share)!;
        string cause = CauseOf(worst, lost[0], evidence);
        yield return new Finding(
            Id, cause, SeverityOf(worst, evidence), UnitShares.Span(lost), Since(worst, evidence),
            new Dictionary<string, double>
            {
                ["saturatedShare"] = worst.Share,
                ["firstSaturatedShare"] = worst.First,
                ["layers"] = lost.Count,
            },
            $"{InWords.Percent(worst.Share)} of the outputs of {worst.Signal.Name} sit on its flat ends, where the "
                + $"slope is below a twentieth of its largest. {Why(cause, worst, evidence)}",
            Prescription.For(Id, cause));
    }

    private static List<UnitShares> Lost(Evidence evidence, IEnumerable<Frame> stretch)
    {
        int depth = evidence.Structure.Depth;
        return [.. UnitShares.Of(evidence.Run, stretch, forward => forward.SaturatedShare)
            .Where(layer => depth <= 1 || layer.Signal.Layer < depth)
            .Where(layer => layer.Share >= evidence.Thresholds.SaturatedShare)];
    }

    private static Severity SeverityOf(UnitShares worst, Evidence evidence)
    {
        bool isLost = worst.Share >= evidence.Thresholds.AllButLostShare;
        return evidence.Learning.State == LearningState.Stuck || isLost && evidence.LearnsBadly
            ? Severity.Critical
            : Severity.Warning;
    }

    private static string CauseOf(UnitShares worst, UnitShares first, Evidence evidence)
    {
        // Inputs reach the first layer alone; where it is sound, they are not what saturates the others.
        if (evidence.HasUnscaledInputs && first.Signal.Layer <= 1) return CauseIds.DataScale;
        bool rose = worst.Share - worst.First >= evidence.Thresholds.ShareRise;
        return rose ? CauseIds.LearningRate : CauseIds.WeightScale;
    }

    private static int Since(UnitShares worst, Evidence evidence) =>
        (evidence.Run.Frames.FirstOrDefault(frame => frame.Forward?.SaturatedShare.At(worst.Index)
            >= evidence.Thresholds.SaturatedShare) ?? evidence.Run.Frames[0]).Step;

    private static string Why(string cause, UnitShares worst, Evidence evidence) => cause switch
    {
        CauseIds.DataScale =>
            $"Inputs of root mean square {InWords.Number(evidence.Plan.InputRms!.Value)} drive them there.",
        CauseIds.LearningRate =>
            $"It was {InWords.Percent(worst.First)} at first: steps that are too large drove them there.",
        _ => "It is so from the start: the weights are too large.",
    };
}
