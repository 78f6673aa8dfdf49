using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>How far a training has come.</summary>
public enum LearningState
{
    /// <summary>Too few steps to say.</summary>
    TooShort,

    /// <summary>The loss has stayed at that of a constant prediction, or above it without falling.</summary>
    Stuck,

    /// <summary>The loss moves, but is not yet clearly below that of a constant prediction.</summary>
    Slow,

    /// <summary>The loss is clearly below that of a constant prediction, or the metric above chance.</summary>
    Learned,
}

/// <summary>What the losses and metrics say about a training, without a look at its gradients.</summary>
/// <param name="State">How far it has come.</param>
/// <param name="StartLoss">Mean loss over the first steps; null where none is finite.</param>
/// <param name="EndLoss">Mean loss over the last tenth of the steps (1 to 100); null where none is finite.</param>
/// <param name="Progress">Share of the reference loss that is gone; the reference is the baseline, else the start.</param>
/// <param name="Metric">The last metric: validation, else training split, else the mean over the last batches.</param>
/// <param name="Lift">Share of the way from chance to 1 that accuracy has covered; null for other metrics.</param>
/// <param name="HalfwayStep">The first step at which half the reference loss was gone, as a mean over up to ten steps; null if that never happened.</param>
public sealed record Learning(
    LearningState State,
    double? StartLoss,
    double? EndLoss,
    double? Progress,
    double? Metric,
    double? Lift,
    int? HalfwayStep)
{
    private const int StartWindow = 10;
    private const double Half = 0.5;

    internal static Learning Of(Run run, Thresholds thresholds)
    {
        List<StepRecord> steps = [.. run.Steps.Where(step => double.IsFinite(step.Loss))];
        double? metric = LastMetric(run);
        double? lift = Lifted(run.Header.Plan, metric);
        if (steps.Count == 0) return new Learning(LearningState.TooShort, null, null, null, metric, lift, null);

        int window = Math.Clamp(steps.Count / 10, 1, 100);
        double start = Mean(steps, 0, Math.Min(window, StartWindow));
        double middle = Mean(steps, (steps.Count - window) / 2, window);
        double end = Mean(steps, steps.Count - window, window);
        double reference = run.Header.Plan.BaselineLoss ?? start;
        double progress = Fall(reference, end);
        bool falls = Fall(middle, end) >= thresholds.StillFalling;
        LearningState state = StateOf(run, thresholds, steps[^1].Step + 1, progress, lift, falls);
        return new Learning(state, start, end, progress, metric, lift, Halfway(steps, reference));
    }

    /// <summary>Steps that must have passed before a loss that has not fallen is a sign: an epoch, within bounds.</summary>
    internal static int EnoughSteps(TrainingPlan plan, Thresholds thresholds)
    {
        int epoch = plan.StepsPerEpoch > 0 ? plan.StepsPerEpoch : thresholds.MostSteps;
        int enough = plan.Steps > 0 ? Math.Min(epoch, plan.Steps) : epoch;
        return Math.Clamp(enough, thresholds.FewestSteps, thresholds.MostSteps);
    }

    private static LearningState StateOf(
        Run run, Thresholds thresholds, int steps, double progress, double? lift, bool falls)
    {
        if (steps < thresholds.FewestSteps && progress < Half && lift is not >= Half) return LearningState.TooShort;
        if (progress >= thresholds.LearnedShare || lift >= thresholds.LearnedShare) return LearningState.Learned;
        if (steps < EnoughSteps(run.Header.Plan, thresholds)) return LearningState.TooShort;
        // Without a baseline, a loss that fell at first and then stands may well stand at the baseline.
        bool atBaseline = progress < thresholds.StuckShare || run.Header.Plan.BaselineLoss is null;
        bool atChance = lift is null || lift < thresholds.StuckLift;
        return atBaseline && atChance && !falls ? LearningState.Stuck : LearningState.Slow;
    }

    private static double? LastMetric(Run run)
    {
        double? Of(string split) => run.Evaluations.LastOrDefault(e => e.Split == split && e.Metric is not null)?.Metric;
        double[] last = [.. run.Steps.TakeLast(10).Where(step => step.Metric is not null).Select(step => step.Metric!.Value)];
        return Of("validation") ?? Of("test") ?? Of("train") ?? (last.Length > 0 ? last.Average() : null);
    }

    private static double? Lifted(TrainingPlan plan, double? metric) =>
        plan.MetricName == "accuracy" && plan.ChanceMetric is { } chance && chance < 1 ? (metric - chance) / (1 - chance) : null;

    private static int? Halfway(List<StepRecord> steps, double reference)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            int from = Math.Max(0, i - StartWindow + 1);
            if (Fall(reference, Mean(steps, from, i - from + 1)) >= Half) return steps[i].Step;
        }
        return null;
    }

    private static double Fall(double from, double to) => (from - to) / Math.Max(Math.Abs(from), double.Epsilon);

    private static double Mean(List<StepRecord> steps, int from, int count)
    {
        double sum = 0;
        for (int i = from; i < from + count; i++) sum += steps[i].Loss;
        return sum / count;
    }
}
