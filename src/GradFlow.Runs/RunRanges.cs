namespace GradFlow.Runs;

/// <summary>
/// What numbers of a record can be at all. A run that another program wrote is held to it when it is read, since
/// a rule that believed a negative count or a share of 3 would judge nonsense.
/// </summary>
internal static class RunRanges
{
    /// <summary>The first impossible number of a whole run, in words; null if there is none.</summary>
    internal static string? Problem(Run run)
    {
        TrainingPlan plan = run.Header.Plan;
        return Problem(run.Header)
            ?? First(run.Steps, step => Problem(step, plan))
            ?? First(run.Frames, Problem)
            ?? First(run.Evaluations, evaluation => Problem(evaluation, plan))
            ?? (run.NonFinite is { } origin ? Problem(origin) : null)
            ?? (run.Forecast is { } forecast ? Problem(forecast) : null)
            ?? (run.Diagnosis is { } diagnosis ? Problem(diagnosis) : null)
            ?? (run.Repair is { } repair ? Problem(repair, plan) : null)
            ?? (run.ByLength is { } lengths ? Problem(lengths, plan) : null)
            ?? (run.Order is { } order ? Problem(order) : null)
            ?? (run.End is { } end ? Problem(end) : null);
    }

    internal static string? Problem(RunHeader header) => Problem(header.Plan) ?? Problem(header.Structure);

    internal static string? Problem(StepRecord step, TrainingPlan plan)
    {
        string at = $"step {step.Step}: ";
        string? Of(string field, double? value, NumberRange range) => range.Problem(at, field, value);
        return Of("epoch", step.Epoch, NumberRange.Size) ?? Of("metric", step.Metric, Metric(plan))
            ?? Of("learningRate", step.LearningRate, NumberRange.Size)
            ?? Of("gradientNorm", step.GradientNorm, NumberRange.Size)
            ?? Of("clippedNorm", step.ClippedNorm, NumberRange.Size)
            ?? Of("clipCoefficient", step.ClipCoefficient, NumberRange.Size)
            ?? Of("penalty", step.Penalty, NumberRange.Size);
    }

    internal static string? Problem(Frame frame)
    {
        string at = $"frame {frame.Step}: ";
        return NumberRange.Cosine.Problem(at, "gradientCosine", frame.GradientCosine)
            ?? (frame.Forward is { } forward ? Problem($"{at}forward.", forward) : null)
            ?? (frame.Parameters is { } parameters ? Problem($"{at}parameters.", parameters) : null)
            ?? First(
                frame.ThroughTime,
                (profile, i) => profile is null ? null : Problem($"{at}throughTime[{i}].", profile))
            ?? First(frame.Attention, (profile, i) =>
                NumberRange.Size.Problem($"{at}attention[{i}].", "entropy", Measured(profile?.Entropy))
                ?? NumberRange.Share.Problem($"{at}attention[{i}].", "entropyShare", Measured(profile?.EntropyShare)));
    }

    internal static string? Problem(Evaluation evaluation, TrainingPlan plan)
    {
        string at = $"evaluation at step {evaluation.Step}: ";
        return NumberRange.Size.Problem(at, "step", evaluation.Step)
            ?? NumberRange.FiniteSize.Problem(at, "epoch", evaluation.Epoch)
            ?? Metric(plan).Problem(at, "metric", evaluation.Metric)
            ?? NumberRange.Size.Problem(at, "samples", evaluation.Samples);
    }

    internal static string? Problem(LossByLength lengths, TrainingPlan plan) =>
        NumberRange.Size.Problem("by-length: ", "step", lengths.Step)
        ?? First(lengths.Rows, (row, i) => Problem($"by-length: rows[{i}]: ", row, plan));

    private static string? Problem(string at, LengthLoss row, TrainingPlan plan) =>
        Metric(plan).Problem(at, "metric", row.Metric)
        ?? NumberRange.Finite.Problem(at, "baselineLoss", row.BaselineLoss)
        ?? Metric(plan).Problem(at, "chanceMetric", row.ChanceMetric)
        ?? NumberRange.Size.Problem(at, "samples", row.Samples);

    internal static string? Problem(NonFiniteOrigin origin) =>
        NumberRange.Size.Problem("non-finite: ", "step", origin.Step);

    internal static string? Problem(Forecast forecast) =>
        NumberRange.Size.Problem("forecast: ", "depthScale", forecast.DepthScale)
        ?? NumberRange.Size.Problem("forecast: ", "trainableDepth", forecast.TrainableDepth)
        ?? NumberRange.Size.Problem("forecast: ", "signalRms", forecast.SignalRms);

    internal static string? Problem(DiagnosisResult diagnosis) => First(
        diagnosis.Findings,
        (finding, i) => NumberRange.Size.Problem($"diagnosis: findings[{i}].", "sinceStep", finding.SinceStep));

    internal static string? Problem(RepairResult repair, TrainingPlan plan) =>
        Problem("repair: before.", repair.Before, plan)
        ?? (repair.After is { } after ? Problem("repair: after.", after, plan) : null)
        ?? First(repair.Trials, (trial, i) => Problem($"repair: trials[{i}].", trial, plan))
        ?? NumberRange.Size.Problem("repair: cost.", "steps", repair.Cost.Steps)
        ?? NumberRange.Size.Problem("repair: cost.", "timesOneTraining", repair.Cost.TimesOneTraining);

    internal static string? Problem(OrderEffect order) =>
        NumberRange.Size.Problem("order: ", "step", order.Step)
        ?? NumberRange.Size.Problem("order: ", "shuffled", order.Shuffled)
        ?? NumberRange.Size.Problem("order: ", "exchanged", order.Exchanged)
        ?? NumberRange.Size.Problem("order: ", "samples", order.Samples);

    internal static string? Problem(RunEnd end) =>
        NumberRange.FiniteSize.Problem("end: ", "seconds", end.Seconds)
        ?? NumberRange.Share.Problem("end: ", "watchShare", end.WatchShare)
        ?? NumberRange.Size.Problem("end: ", "bestStep", end.BestStep)
        ?? NumberRange.Size.Problem("end: ", "timedFrom", end.TimedFrom);

    private static string? Problem(string at, TimeProfile profile) =>
        NumberRange.Size.Problem(at, "stateRms", profile.StateRms)
        ?? NumberRange.Size.Problem(at, "slopes", profile.Slopes)
        ?? First(profile.Gates, (gate, i) => NumberRange.Share.Problem($"{at}gates[{i}].", "mean", gate.Mean)
            ?? NumberRange.Share.Problem($"{at}gates[{i}].", "closedShare", gate.ClosedShare)
            ?? NumberRange.Share.Problem($"{at}gates[{i}].", "openShare", gate.OpenShare))
        ?? NumberRange.Size.Problem(at, "spectrum.radius", profile.Spectrum?.Radius)
        ?? NumberRange.Size.Problem(at, "spectrum.norm", profile.Spectrum?.Norm)
        ?? First(profile.Jacobians, (jacobian, i) => NumberRange.Count.Problem(
                $"{at}jacobians[{i}].", "timeStep", jacobian.TimeStep)
            ?? NumberRange.Size.Problem(
                $"{at}jacobians[{i}].", "singularValues", Measured(jacobian.SingularValues)));

    private static double?[]? Measured(IReadOnlyList<double>? values) =>
        values?.Select(value => (double?)value).ToArray();

    private static string? Problem(TrainingPlan plan)
    {
        static string? Of(string field, double? value, NumberRange range) => range.Problem("plan.", field, value);
        return Of("steps", plan.Steps, NumberRange.Size) ?? Of("stepsPerEpoch", plan.StepsPerEpoch, NumberRange.Size)
            ?? Of("batchSize", plan.BatchSize, NumberRange.Size)
            ?? Of("learningRate", plan.LearningRate, NumberRange.Size)
            ?? Of("chanceMetric", plan.ChanceMetric, Metric(plan))
            ?? Of("baselineLoss", plan.BaselineLoss, NumberRange.Finite)
            ?? Of("inputRms", plan.InputRms, NumberRange.Size) ?? Of("inputMaxAbs", plan.InputMaxAbs, NumberRange.Size)
            ?? Of("longestDependency", plan.LongestDependency, NumberRange.Size)
            ?? Of("pretrainingSteps", plan.PretrainingSteps, NumberRange.Size);
    }

    private static string? Problem(RunStructure structure) =>
        First(structure.Cuts, (cut, i) =>
            DepthSoFar(structure.Cuts, i).Problem($"structure.cuts[{i}].", "layer", cut.Layer))
        ?? First(structure.Links, (link, i) => NumberRange.Count.Problem($"structure.links[{i}].", "layer", link.Layer))
        ?? First(structure.Signals, (signal, i) => Problem($"structure.signals[{i}].", signal))
        ?? First(structure.Parameters, (parameter, i) => Problem($"structure.parameters[{i}].", parameter))
        ?? First(structure.Recurrences, (layer, i) => Problem($"structure.recurrences[{i}].", layer))
        ?? First(structure.Attentions, (layer, i) => Problem($"structure.attentions[{i}].", layer))
        ?? NumberRange.Size.Problem("structure.", "reach", structure.Reach);

    /// <summary>Layers at or before a tensor, which can't be fewer than before the tensor ahead of it.</summary>
    private static NumberRange DepthSoFar(IReadOnlyList<CutInfo> cuts, int index) =>
        index == 0 ? NumberRange.Count : NumberRange.AtLeast(cuts[index - 1].Layer);

    private static string? Problem(string at, SignalInfo signal) =>
        NumberRange.Size.Problem(at, "layer", signal.Layer) ?? NumberRange.Size.Problem(at, "units", signal.Units);

    private static string? Problem(string at, ParameterInfo parameter) =>
        NumberRange.Size.Problem(at, "layer", parameter.Layer)
        ?? First(parameter.Shape, (extent, i) => NumberRange.Size.Problem(at, $"shape[{i}]", extent))
        ?? NumberRange.Size.Problem(at, "fanIn", parameter.FanIn)
        ?? NumberRange.Size.Problem(at, "fanOut", parameter.FanOut)
        ?? NumberRange.Size.Problem(at, "initialStd", parameter.InitialStd)
        ?? NumberRange.Size.Problem(at, "weightDecay", parameter.WeightDecay);

    private static string? Problem(string at, RecurrenceInfo layer) =>
        NumberRange.Size.Problem(at, "layer", layer.Layer) ?? NumberRange.Count.Problem(at, "units", layer.Units)
        ?? NumberRange.Count.Problem(at, "steps", layer.Steps) ?? NumberRange.Count.Problem(at, "window", layer.Window)
        ?? NumberRange.Count.Problem(at, "state", layer.State);

    private static string? Problem(string at, AttentionInfo layer) =>
        NumberRange.Size.Problem(at, "layer", layer.Layer) ?? NumberRange.Count.Problem(at, "heads", layer.Heads)
        ?? NumberRange.Count.Problem(at, "window", layer.Window);

    private static string? Problem(string at, ForwardStatistics forward) =>
        NumberRange.Size.Problem(at, "std", forward.Std) ?? NumberRange.Size.Problem(at, "rms", forward.Rms)
        ?? NumberRange.Share.Problem(at, "saturatedShare", forward.SaturatedShare)
        ?? NumberRange.Share.Problem(at, "deadShare", forward.DeadShare)
        ?? NumberRange.Size.Problem(at, "nonFinite", forward.NonFinite);

    private static string? Problem(string at, ParameterStatistics statistics) =>
        NumberRange.Size.Problem(at, "weightNorm", statistics.WeightNorm)
        ?? NumberRange.Share.Problem(at, "zeroShare", statistics.ZeroShare)
        ?? NumberRange.Size.Problem(at, "nonFinite", statistics.NonFinite)
        ?? NumberRange.Size.Problem(at, "updateRatio", statistics.UpdateRatio)
        ?? NumberRange.Size.Problem(at, "distance", statistics.Distance)
        ?? First(statistics.Exponents, (histogram, i) => First(histogram?.Counts, (count, k) =>
            count >= 0 ? null : NumberRange.Size.Problem(at, $"exponents[{i}].counts[{k}]", count)));

    private static string? Problem(string at, Outcome outcome, TrainingPlan plan) =>
        NumberRange.Size.Problem(at, "steps", outcome.Steps) ?? Metric(plan).Problem(at, "metric", outcome.Metric)
        ?? Metric(plan).Problem(at, "testMetric", outcome.TestMetric);

    private static string? Problem(string at, Trial trial, TrainingPlan plan) =>
        NumberRange.Size.Problem(at, "steps", trial.Steps) ?? Metric(plan).Problem(at, "metric", trial.Metric)
        ?? First(trial.CurveSteps, (step, i) => NumberRange.Size.Problem(at, $"curveSteps[{i}]", step));

    private static NumberRange Metric(TrainingPlan plan) =>
        plan.MetricName switch
        {
            MetricNames.Accuracy => NumberRange.Accuracy,
            MetricNames.Nrmse => NumberRange.Size,
            _ => NumberRange.Any,
        };

    private static string? First<T>(IReadOnlyList<T> items, Func<T, string?> problem) =>
        First(items, (item, _) => problem(item));

    private static string? First<T>(IReadOnlyList<T>? items, Func<T, int, string?> problem)
    {
        for (int i = 0; i < (items?.Count ?? 0); i++)
            if (problem(items![i], i) is { } found) return found;
        return null;
    }
}
