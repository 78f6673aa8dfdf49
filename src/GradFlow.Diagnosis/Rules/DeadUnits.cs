using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>Units whose slope is 0 for every sample: they pass no gradient and can't come back by themselves.</summary>
public sealed class DeadUnits : Rule
{
    /// <inheritdoc/>
    public override string Id => RuleIds.DeadUnits;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        Frame? last = evidence.Run.Frames.LastOrDefault(
            frame => frame.Forward?.DeadShare?.Any(share => share is not null) == true);
        if (last is null) yield break;
        List<UnitShares> lost = [.. UnitShares.Of(evidence.Run, [last], forward => forward.DeadShare)
            .Where(layer => layer.Share >= Limit(layer.Signal, evidence.Thresholds))];
        if (lost.Count == 0) yield break;

        UnitShares worst = lost.MaxBy(layer => layer.Share)!;
        string cause = CauseOf(worst, evidence);
        yield return new Finding(
            Id, cause, SeverityOf(worst, evidence), UnitShares.Span(lost), Since(worst, cause, evidence),
            new Dictionary<string, double>
            {
                ["deadShare"] = worst.Share,
                ["firstDeadShare"] = worst.First,
                ["layers"] = lost.Count,
            },
            $"{InWords.Percent(worst.Share)} of the units of {worst.Signal.Name} are dead: their slope is 0 for every "
                + $"sample, so no gradient passes them. {Why(cause, worst, evidence)}",
            Prescription.For(Id, cause, worst.Signal.Type));
    }

    /// <summary>One half and some standard errors of as many coin flips as the layer has units.</summary>
    private static double Limit(SignalInfo signal, Thresholds thresholds) =>
        Math.Min(1, 0.5 + thresholds.DeadErrors * 0.5 / Math.Sqrt(Math.Max(1, signal.Units)));

    private static Severity SeverityOf(UnitShares worst, Evidence evidence)
    {
        // Where the gradient was troubled from the start, units die of that.
        bool isConsequence = evidence.TroubleCause is not null && evidence.Flow!.IsFromStart(evidence.Thresholds)
            || evidence is { TimeTroubleCause: not null, ThroughTime.IsFromStart: true };
        bool isStuck = evidence.Learning.State == LearningState.Stuck;
        return isStuck && !isConsequence && worst.Share >= evidence.Thresholds.AllButLostShare
            ? Severity.Critical
            : Severity.Warning;
    }

    private static string CauseOf(UnitShares worst, Evidence evidence)
    {
        if (evidence.HasUnscaledInputs) return CauseIds.DataScale;
        bool rose = worst.Share - worst.First >= evidence.Thresholds.ShareRise;
        return rose || PassedAtStart(worst, evidence) ? CauseIds.LearningRate : CauseIds.WeightScale;
    }

    /// <summary>
    /// Dead shares are known only after an epoch; whether a layer was alive at step 0 shows in the gradient it passed.
    /// </summary>
    private static bool PassedAtStart(UnitShares worst, Evidence evidence)
    {
        if (evidence.StartFrame is not { } start) return false;
        int part = evidence.Structure.Parts.ToList().FindIndex(part => part.Name == worst.Signal.Name);
        return start.PartGains.At(part) >= evidence.Thresholds.AliveDecades;
    }

    /// <summary>Units that were so from the start are, although a dead share is known only after an epoch.</summary>
    private static int Since(UnitShares worst, string cause, Evidence evidence) => cause == CauseIds.WeightScale
        ? evidence.Run.Frames[0].Step
        : evidence.Run.Frames.First(frame => frame.Forward?.DeadShare.At(worst.Index)
            >= Limit(worst.Signal, evidence.Thresholds)).Step;

    private static string Why(string cause, UnitShares worst, Evidence evidence) => cause switch
    {
        CauseIds.DataScale =>
            $"Inputs of root mean square {InWords.Number(evidence.Plan.InputRms!.Value)} push them off their slope.",
        CauseIds.LearningRate => worst.Share - worst.First >= evidence.Thresholds.ShareRise
            ? $"It was {InWords.Percent(worst.First)} when first measured: steps that are too large killed them."
            : "They passed the gradient at step 0: steps that are too large killed them.",
        _ => "They were so from the start: the weights and biases begin on the wrong side.",
    };
}
