using GradFlow.Diagnosis.Lags;
using GradFlow.Diagnosis.Rules;
using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>Judges a training by its records: what it suffers from, where, since when and why.</summary>
public static class Diagnostician
{
    /// <summary>Every rule; findings of equal severity are reported in this order, causes before symptoms.</summary>
    public static IReadOnlyList<Rule> Rules { get; } =
    [
        new ExplodingThroughTime(), new VanishingThroughTime(), new ExplodingGradient(), new VanishingGradient(),
        new NonFinite(), new OutputMismatch(), new DeadUnits(), new SaturatedUnits(), new PoorInitialization(),
        new NoLearning(), new OrderBlindness(),
    ];

    /// <summary>Judges a run, ours or a foreign one; arrays that were not recorded may be null.</summary>
    /// <param name="run">The run, finished or not.</param>
    /// <param name="thresholds">What rules compare with; null for the calibrated defaults.</param>
    /// <returns>
    /// The verdict, the findings with the gravest first, and the gradient's gain part by part, averaged over the frames
    /// that were judged: those of the first epoch or tenth of the training, until half the loss is gone; of a net that
    /// does not learn although these are sound, the last quarter. A part is −∞ where it was an exact zero in at least
    /// half of these frames; otherwise exact zeros are left out of its mean. Behind them stand the shares of recurrent
    /// layers' ways back through time, with the layer as <see cref="AttributionEntry.Block"/>.
    /// </returns>
    public static DiagnosisResult Judge(Run run, Thresholds? thresholds = null)
    {
        var evidence = new Evidence(run, thresholds);
        List<Finding> findings = [.. Rules.SelectMany(rule => rule.Judge(evidence))
            .OrderByDescending(finding => finding.Severity)];
        return new DiagnosisResult(
            VerdictLogic.Of(evidence, findings), findings,
            [.. evidence.Flow?.Attribution.Entries ?? [], .. evidence.ThroughTime?.Attribution ?? []]);
    }

    /// <summary>The verdict that findings come to whose severity has been judged anew, as by a measurement.</summary>
    /// <param name="run">The run that they are of.</param>
    /// <param name="findings">The findings, gravest first.</param>
    /// <param name="thresholds">What to compare with; null for the calibrated defaults.</param>
    public static Verdict Weigh(Run run, IReadOnlyList<Finding> findings, Thresholds? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return VerdictLogic.Of(new Evidence(run, thresholds), findings);
    }

    /// <summary>
    /// True once more training would not change the verdict, so that it may be stopped: at once where it broke off in
    /// NaN or infinity; where its gradient has vanished or exploded gravely from the start, through layers or through
    /// time, or can't reach what the task needs, and the loss has stood at its baseline (or the metric at chance, where
    /// that decides) for an epoch and a quarter of the plan; and when all planned steps are done. Never early for a
    /// training that learns or had learned.
    /// </summary>
    /// <param name="soFar">What has been recorded so far.</param>
    /// <param name="thresholds">What to compare with; null for the calibrated defaults.</param>
    public static bool IsSettled(Run soFar, Thresholds? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(soFar);
        thresholds ??= new Thresholds();
        TrainingPlan plan = soFar.Header.Plan;
        if (NonFiniteEvent.In(soFar) is { IsFinal: true }) return true;
        int done = soFar.Steps.Count > 0 ? soFar.Steps[^1].Step + 1 : 0;
        if (plan.Steps > 0 && done >= plan.Steps) return true;
        if (done < Math.Max(Learning.EnoughSteps(plan, thresholds), thresholds.SettledShare * plan.Steps)) return false;
        // The gradients are looked at only for a net that is stuck, which is rarely asked and quickly answered.
        if (Learning.Of(soFar, thresholds) is not { State: LearningState.Stuck, HadLearned: false }) return false;

        var evidence = new Evidence(soFar, thresholds);
        return evidence is { TroubleCause: not null, Flow.IsLate: false }
                && Math.Abs(evidence.Flow.LogRatio) >= thresholds.GraveDecades
            || evidence.ThroughTime is { } time && IsHopeless(time, thresholds)
            || evidence.ShortReach is { IsNeedKnown: true };
    }

    /// <summary>Gates may open while the net still looks stuck, so gated layers get their whole training.</summary>
    private static bool IsHopeless(TimeFlow time, Thresholds thresholds) =>
        time is { Trouble: not TimeTrouble.None, IsLate: false, Judged.GateDecades: null }
        && Math.Abs(time.Decades) >= thresholds.GraveDecades;
}
