using GradFlow.Diagnosis.Gains;
using GradFlow.Diagnosis.Lags;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>The loss does not leave that of a constant prediction.</summary>
/// <remarks>A symptom: it takes its cause from the disease that explains it, else it looks for one.</remarks>
public sealed class NoLearning : Rule
{
    /// <inheritdoc/>
    public override string Id => RuleIds.NoLearning;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Learning.State != LearningState.Stuck && !evidence.IsThrownOff) yield break;

        UpdateSize updates = UpdateSize.Of(evidence);
        (string cause, string why, IReadOnlyList<string>? remedies) = Explain(evidence, updates);
        yield return new Finding(
            Id, cause, Severity.Critical, null, evidence.Learning.Collapse?.SinceStep ?? 0, Numbers(evidence, updates),
            $"{What(evidence)} {why}",
            remedies ?? Prescription.For(Id, cause, evidence.Flow?.Attribution.Activation));
    }

    private static (string Cause, string Why, IReadOnlyList<string>? Remedies) Explain(
        Evidence evidence, UpdateSize updates)
    {
        if (IsByTime(evidence)) return ByTime(evidence);
        if (evidence.IsHeldByPenalty) return ByPenalty(evidence);
        if (evidence.IsHeldByDecay) return ByDecay(evidence);
        if (evidence.ShortReach is { IsNeedKnown: true })
            return (CauseIds.Attention, $"That {ReachFinding.Disease} explains it.", Prescription.ForShortReach);
        if (evidence is { TroubleCause: { } trouble, IsExplainedByLayers: true })
            return (trouble, $"The gradient {(evidence.Vanishes ? "vanishes" : "explodes")}, which explains it.",
                Prescription.For(evidence.Vanishes ? RuleIds.VanishingGradient : RuleIds.ExplodingGradient, trouble,
                    evidence.Flow!.Attribution.Activation));
        if (new OutputMismatch().Judge(evidence).FirstOrDefault() is { } mismatch)
            return (mismatch.Cause, mismatch.Explanation, mismatch.Remedies);
        foreach (Rule rule in new Rule[] { new DeadUnits(), new SaturatedUnits() })
            if (rule.Judge(evidence).FirstOrDefault(finding => finding.Severity == Severity.Critical) is { } disease)
                return (disease.Cause, $"The {rule.Id.Replace('-', ' ')} explain it.", disease.Remedies);
        if (evidence.UnscaledData is { } data)
            return (CauseIds.DataScale, $"{data}, where inits assume about 1.", null);
        if (IsLossFlat(evidence))
            return (CauseIds.LossOrOutput, "The loss gives the output no gradient, so no step can change it.", null);
        return ByUpdates(evidence, updates);
    }

    /// <summary>
    /// Where the task is known to need the far past, a gradient that doesn't reach it explains more than the layers do.
    /// </summary>
    private static bool IsByTime(Evidence evidence) => evidence.IsExplainedByTime
        && (evidence.ThroughTime!.IsNeedKnown || evidence.TroubleCause is null);

    private static (string, string, IReadOnlyList<string>?) ByTime(Evidence evidence)
    {
        (TimeFlow flow, string cause) = (evidence.ThroughTime!, evidence.TimeTroubleCause!);
        string disease = new TimeWording(flow, cause, evidence).Disease;
        return (cause, $"That {disease} explains it.", Prescription.ThroughTime(evidence));
    }

    private static (string, string, IReadOnlyList<string>?) ByPenalty(Evidence evidence) =>
        (CauseIds.LossOrOutput, "The penalty on the weights is "
            + $"{InWords.Number(evidence.Run.Steps[0].Penalty!.Value)} at the start, more than the "
            + $"{InWords.Number(evidence.Plan.BaselineLoss!.Value)} that a constant prediction loses without "
            + "any: giving the weights up pays more than a perfect fit, and that is what was trained.",
            ["drop-penalty"]);

    private static (string, string, IReadOnlyList<string>?) ByDecay(Evidence evidence) =>
        (CauseIds.LossOrOutput, "The weight decay is too strong: it pulls "
            + $"{InWords.Number(DecayPull.AtStart(evidence)!.Value)} times as hard as the loss does at the start, and "
            + $"has left {InWords.Percent(UpdateSize.NormLeft(evidence)!.Value)} of the weights' norm.",
            ["drop-decay"]);

    private static IReadOnlyList<string> ForLargeSteps { get; } = ["lower-learning-rate", "warm-up", "clip-norm"];

    private static (string, string, IReadOnlyList<string>?) ByUpdates(Evidence evidence, UpdateSize updates)
    {
        if (ClipPressure.MakesStepsSmall(updates, evidence)) return ByClipping(evidence, updates);
        if (updates.AreTooSmall(evidence))
            return (CauseIds.LearningRate, "The steps are too small: all planned ones together can "
                + $"{Most(updates, evidence)} at most.", ["raise-learning-rate", "batch-norm"]);
        if (updates.Typical > evidence.Thresholds.LargestUpdate)
            return (CauseIds.LearningRate, $"The steps are large: each changes the weights by "
                + $"{InWords.Percent(updates.Typical.Value)}.{Jump(evidence)}", ForLargeSteps);
        if (evidence.Learning.Collapse is not null)
            return (CauseIds.LearningRate, "That it was learned shows that the net can learn it: "
                + "steps that are too large threw it off.", ForLargeSteps);
        if (Untrained.IsThroughTime(evidence.Structure)) return ByReservoir(evidence);
        if (evidence.IsOrderBlind)
            return (CauseIds.Attention, $"{OrderBlindness.What(evidence)} No trouble with gradients or updates was "
                + "measured, so the cause is a guess: that the order is what tells the answer.",
                [.. OrderBlindness.Remedies, "raise-learning-rate", "lower-learning-rate", "warm-up"]);
        return (CauseIds.LearningRate, "No trouble with gradients or updates was measured, so the cause is a guess: "
            + "the learning rate is the first thing to try, but the records do not prove it, and the data may hold "
            + "nothing to learn.", null);
    }

    private static (string, string, IReadOnlyList<string>?) ByClipping(Evidence evidence, UpdateSize updates) =>
        (CauseIds.Clipping, "Clipping leaves the steps too small: it shortens "
            + $"{InWords.Percent(ClipPressure.Share(evidence.Run)!.Value)} of them, a typical one to "
            + $"{InWords.Percent(ClipPressure.Typical(evidence.Run)!.Value)} of its gradient, and all planned ones "
            + $"together can {Most(updates, evidence)} at most.", ["loosen-clip", "raise-learning-rate"]);

    /// <summary>The most that steps which are too small can do.</summary>
    private static string Most(UpdateSize updates, Evidence evidence) => updates.IsReachShort(evidence)
        ? $"lower the loss by {InWords.Number(updates.Reach!.Value)} and move the weights by "
            + $"{InWords.Number(100 * updates.Travel!.Value)} %"
        : $"move the weights by {InWords.Number(100 * updates.Travel!.Value)} %";

    /// <summary>
    /// What is trained behind fixed recurrent layers is one layer or few, which learn what the states hold at any
    /// sensible rate; so what the states hold comes first.
    /// </summary>
    private static (string, string, IReadOnlyList<string>?) ByReservoir(Evidence evidence)
    {
        const string Fixed = "The recurrent layers are fixed, so no gradient runs through time, and what is trained "
            + "can use only what their states still hold.";
        IReadOnlyList<string> remedies = ["echo-state", "gru", "lstm"];
        ReservoirMemory? memory = ReservoirMemory.Of(evidence.Run);
        if (memory is { Forgets: true }) return (CauseIds.Recurrence, Fixed + memory.Told, remedies);
        return (CauseIds.Recurrence, Fixed + memory?.Told + " No trouble with gradients or updates was measured, so "
            + "the cause is a guess: that the states don't hold what is asked in a form that what reads them can use. "
            + "A readout fitted at once (init: ridge, steps: 0) would rule out the learning rate.", remedies);
    }

    /// <summary>How far the loss leaps on the way; empty where it does not.</summary>
    private static string Jump(Evidence evidence)
    {
        List<StepRecord> steps = [.. evidence.Run.Steps.Where(step => double.IsFinite(step.Loss))];
        StepRecord peak = steps.MaxBy(step => step.Loss)!;
        double usual = Math.Max(Math.Abs(steps[0].Loss), Math.Abs(evidence.Learning.EndLoss!.Value));
        return peak.Loss > usual * Math.Pow(10, evidence.Thresholds.TroubleDecades)
            ? $" At step {peak.Step} the loss leaps to {InWords.Number(peak.Loss)}."
            : "";
    }

    /// <summary>Exactly zero, or beyond float32's resolution beside the loss.</summary>
    private static bool IsLossFlat(Evidence evidence)
    {
        int last = evidence.Structure.Cuts.Count - 1;
        double? output = LogMean.Of(evidence.Run.Frames.Select(frame => frame.CutNorms.At(last)));
        double loss = Math.Max(Math.Abs(evidence.Learning.EndLoss ?? 1), double.Epsilon);
        return output - Math.Log10(loss) <= evidence.Thresholds.FlatDecades;
    }

    private static string What(Evidence evidence)
    {
        Learning learning = evidence.Learning;
        if (learning.Collapse is { } collapse) return Lost(evidence, collapse);
        if (learning is { IsJudgedByMetric: true, Metric: { } score } && !evidence.IsThrownOff)
            return $"After {evidence.Run.Steps[^1].Step + 1} steps {evidence.Plan.MetricName} on the last output is "
                + $"{InWords.Score(score)}, {InWords.AtChance(learning, evidence.Plan)}: what lies "
                + $"{evidence.Plan.LongestDependency} time steps back has not been learned.";
        string loss = InWords.Number(learning.EndLoss ?? double.NaN);
        string beside = evidence.Plan.BaselineLoss is { } baseline
            ? $"where a constant prediction has {InWords.Number(baseline)}"
            : $"where it began at {InWords.Number(learning.StartLoss ?? double.NaN)}";
        string metric = learning.Lift is not null && learning.Metric is { } accuracy
            ? $" and accuracy {InWords.Score(accuracy)}"
                + (learning.Lift < evidence.Thresholds.StuckLift
                    ? $", {InWords.AtChance(learning, evidence.Plan)}"
                    : "")
            : "";
        return $"After {evidence.Run.Steps[^1].Step + 1} steps the loss is {loss}{metric}, {beside}: "
            + "nothing has been learned.";
    }

    private static string Lost(Evidence evidence, Collapse collapse)
    {
        Learning learning = evidence.Learning;
        string lost = $"from step {collapse.SinceStep} on that is lost, and it ends at";
        return collapse.IsByMetric
            ? $"Accuracy on the last output had risen to {InWords.Score(collapse.Best)} by step {collapse.BestStep}; "
                + $"{lost} {InWords.Score(learning.Metric!.Value)}, {InWords.AtChance(learning, evidence.Plan)}."
            : $"The loss had fallen to {InWords.Number(collapse.Best)} by step {collapse.BestStep}; "
                + $"{lost} {InWords.Number(learning.EndLoss!.Value)}, where a constant prediction has "
                + $"{InWords.Number(evidence.Plan.BaselineLoss!.Value)}.";
    }

    private static Dictionary<string, double> Numbers(Evidence evidence, UpdateSize updates)
    {
        Dictionary<string, double> numbers = new() { ["progress"] = evidence.Learning.Progress ?? double.NaN };
        if (evidence.Learning.EndLoss is { } loss) numbers["loss"] = loss;
        if (evidence.Plan.BaselineLoss is { } baseline) numbers["baselineLoss"] = baseline;
        if (evidence.Learning.Lift is { } lift) numbers["lift"] = lift;
        if (updates.Typical is { } typical) numbers["updateRatio"] = typical;
        if (updates.Travel is { } travel) numbers["travel"] = travel;
        if (updates.Reach is { } reach) numbers["mostFall"] = reach;
        if (evidence.IsOrderBlind) numbers["orderShare"] = evidence.Run.Order!.Share!.Value;
        if (evidence.IsHeldByPenalty) numbers["startPenalty"] = evidence.Run.Steps[0].Penalty!.Value;
        if (ClipPressure.MakesStepsSmall(updates, evidence))
        {
            numbers["clippedShare"] = ClipPressure.Share(evidence.Run)!.Value;
            numbers["clipCoefficient"] = ClipPressure.Typical(evidence.Run)!.Value;
        }
        if (evidence.IsHeldByDecay)
        {
            numbers["decayPull"] = DecayPull.AtStart(evidence)!.Value;
            numbers["weightsLeft"] = UpdateSize.NormLeft(evidence)!.Value;
        }
        foreach ((string name, double? value) in ReservoirMemory.Of(evidence.Run)?.Numbers ?? [])
            if (value is { } known) numbers[name] = known;
        if (evidence.Learning.Collapse is { } collapse) numbers["bestStep"] = collapse.BestStep;
        // Whoever wants to confirm the cause must know where the disease shows.
        if (IsByTime(evidence) && evidence.ThroughTime!.Judged.HasSlope)
            numbers["decadesPerStep"] = evidence.ThroughTime.Judged.DecadesPerStep;
        if (IsByTime(evidence) && evidence.ThroughTime is { IsHidden: true, Judged.StateDecadesPerStep: { } growth })
            numbers["stateDecadesPerStep"] = growth;
        if (IsByTime(evidence) && evidence.ThroughTime is { Trouble: TimeTrouble.Cut, Judged.CutLag: { } cut })
            numbers["cutLag"] = cut;
        return numbers;
    }
}
