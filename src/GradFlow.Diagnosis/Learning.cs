using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>How far a training has come.</summary>
public enum LearningState
{
    /// <summary>Too few steps to say.</summary>
    TooShort,

    /// <summary>
    /// The loss has stayed at that of a constant prediction, or above it without falling; where the metric decides, it
    /// has stayed at chance.
    /// </summary>
    Stuck,

    /// <summary>The loss moves, but is not yet clearly below that of a constant prediction.</summary>
    Slow,

    /// <summary>The loss is clearly below that of a constant prediction, or the metric above chance.</summary>
    Learned,
}

/// <summary>What the losses and metrics say about a training, without a look at its gradients.</summary>
/// <param name="State">How far it has come.</param>
/// <param name="StartLoss">Mean loss over the first steps; null where none is finite.</param>
/// <param name="EndLoss">Mean loss over the last tenth of the steps (10 to 100); null where none is finite.</param>
/// <param name="Progress">Share of the reference loss that is gone: of the baseline's, else of the start's.</param>
/// <param name="Metric">The last metric: validation, else test, else training, else the last steps' mean.</param>
/// <param name="Lift">Share of the way from chance to 1 that accuracy has covered; null for other metrics.</param>
/// <param name="HalfwayStep">The first step at which half the reference loss was gone; null if it never was.</param>
public sealed record Learning(
    LearningState State,
    double? StartLoss,
    double? EndLoss,
    double? Progress,
    double? Metric,
    double? Lift,
    int? HalfwayStep)
{
    /// <summary>
    /// True where the accuracy on the last output alone said whether the net has learned
    /// (<see cref="TrainingPlan.IsJudgedByMetric"/>).
    /// </summary>
    public bool IsJudgedByMetric { get; init; }

    /// <summary>
    /// True where the loss still falls over the second half of the steps, beyond what batches scatter.
    /// </summary>
    internal bool Falls { get; init; }

    /// <summary>
    /// True where the best validation loss of the second half of the steps is no better than that of the first.
    /// </summary>
    internal bool HasSettled { get; init; }

    /// <summary>True where the accuracy lies below chance by more than that scatters: worse than a guess.</summary>
    internal bool IsBelowChance { get; init; }

    /// <summary>
    /// True where the loss lies above that of a constant prediction and of the first step, by as much as a net that has
    /// learned lies below: the training has made the net worse than none.
    /// </summary>
    internal bool IsWorseThanConstant { get; init; }

    /// <summary>True where some stretch of the training has learned by its own batches, be it lost again.</summary>
    internal bool HadLearned { get; init; }

    /// <summary>Where what had been learned was lost again; null where it was not.</summary>
    internal Collapse? Collapse { get; init; }

    /// <summary>
    /// True where the accuracy decides, and has covered half of the way on the training's own batches, beyond their
    /// scatter, but not on held-out data: what is missing there is no gradient. Its state is <i>learned</i>.
    /// </summary>
    internal bool IsOverfit { get; init; }

    /// <summary>The mean metric of the last steps' batches; null where not all have one.</summary>
    internal double? OwnMetric { get; init; }

    /// <summary>What <see cref="Metric"/> was judged on; null where it is that of the last steps.</summary>
    internal Evaluation? Judged { get; init; }

    private const int SmallWindow = 10, LargeWindow = 100;
    private const double Half = 0.5;

    internal static Learning Of(Run run, Thresholds thresholds)
    {
        List<StepRecord> steps = [.. run.Steps.Where(step => double.IsFinite(step.Loss))];
        int size = Math.Min(steps.Count, Math.Clamp(steps.Count / 10, SmallWindow, LargeWindow));
        double? metric = LastMetric(run, steps, size);
        double? lift = Lifted(run.Header.Plan, metric);
        if (steps.Count == 0) return new Learning(LearningState.TooShort, null, null, null, metric, lift, null);

        double[] losses = [.. steps.Select(step => step.Loss)];
        Window start = Window.Of(losses, 0, Math.Min(SmallWindow, Math.Max(1, steps.Count / 10)));
        Window middle = Window.Of(losses, (steps.Count - size) / 2, size);
        Window end = Window.Of(losses, steps.Count - size, size);
        double reference = run.Header.Plan.BaselineLoss ?? start.Mean;
        double progress = Fall(reference, end.Mean);
        bool falls = Fall(middle.Mean, end.Mean) >= thresholds.StillFalling && middle.IsAbove(end);
        // A net that was lucky at its start is above chance without having learned anything.
        double? earned = progress > 0 || Fall(start.Mean, end.Mean) >= thresholds.LearnedShare ? lift : null;
        bool byMetric = run.Header.Plan.IsJudgedByMetric && lift is not null;
        Window? own = OwnMetrics(steps, size);
        bool isOverfit = byMetric && Judgement(run) is not null && steps.Count >= thresholds.FewestSteps
            && lift < thresholds.WellLearnedShare
            && Lifted(run.Header.Plan, own?.Least) >= thresholds.WellLearnedShare;
        LearningState state = isOverfit ? LearningState.Learned
            : byMetric ? StateByMetric(run, thresholds, steps[^1].Step + 1, lift!.Value, size)
            : StateOf(run, thresholds, steps[^1].Step + 1, progress, earned, falls);
        int? halfway = byMetric ? HalfwayByMetric(run) : Halfway(steps, losses, reference);
        return new Learning(state, start.Mean, end.Mean, progress, metric, lift, halfway)
        {
            IsJudgedByMetric = byMetric,
            Falls = falls,
            HasSettled = IsSettled(run, thresholds),
            IsOverfit = isOverfit,
            OwnMetric = own?.Mean,
            Judged = Judgement(run),
            IsBelowChance = lift < -thresholds.MetricErrors * MetricError(run, size),
            IsWorseThanConstant = steps.Count >= thresholds.FewestSteps
                && run.Header.Plan.BaselineLoss is > 0 and var constant
                && end.Least > (1 + thresholds.LearnedShare) * Math.Max(constant, losses[0]),
            HadLearned = Collapse.HadLearned(run, steps, size, thresholds),
            Collapse = state == LearningState.Learned ? null : Collapse.Of(run, steps, size, thresholds),
        };
    }

    /// <summary>Steps after which a loss that has not fallen is a sign: an epoch, within bounds.</summary>
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

    private static LearningState StateByMetric(Run run, Thresholds thresholds, int steps, double lift, int size)
    {
        if (steps < thresholds.FewestSteps && lift < Half) return LearningState.TooShort;
        double noise = thresholds.MetricErrors * MetricError(run, size);
        if (lift >= Math.Max(thresholds.LearnedShare, noise)) return LearningState.Learned;
        if (steps < EnoughSteps(run.Header.Plan, thresholds)) return LearningState.TooShort;
        return lift < Math.Max(thresholds.StuckLift, noise) ? LearningState.Stuck : LearningState.Slow;
    }

    /// <summary>
    /// The standard error of the lift of a net at chance; 0 where nobody knows it or the number of samples.
    /// </summary>
    private static double MetricError(Run run, int size)
    {
        if (run.Header.Plan.ChanceMetric is not { } chance) return 0;
        int samples = Judgement(run)?.Samples ?? size * run.Header.Plan.BatchSize;
        return samples > 0 ? Math.Sqrt(chance * (1 - chance) / samples) / (1 - chance) : 0;
    }

    private static int? HalfwayByMetric(Run run) => run.Evaluations.FirstOrDefault(
        evaluation => evaluation.Split == "validation" && Lifted(run.Header.Plan, evaluation.Metric) >= Half)?.Step;

    /// <summary>The last judgement with a metric: on validation data, else test, else training.</summary>
    private static Evaluation? Judgement(Run run)
    {
        Evaluation? Of(string split) => run.Evaluations.LastOrDefault(e => e.Split == split && e.Metric is not null);
        return Of("validation") ?? Of("test") ?? Of("train");
    }

    private static bool IsSettled(Run run, Thresholds thresholds)
    {
        double[] losses = [.. run.Evaluations.Where(e => e.Split == "validation").Select(e => e.Loss)];
        int half = losses.Length / 2;
        return half > 1 && losses[half..].Min() > (1 - thresholds.StillFalling) * losses[..half].Min();
    }

    private static double? LastMetric(Run run, List<StepRecord> steps, int size)
    {
        double[] last = [.. steps.TakeLast(size).Select(step => step.Metric).OfType<double>()];
        return Judgement(run)?.Metric ?? (last.Length > 0 ? last.Average() : null);
    }

    private static Window? OwnMetrics(List<StepRecord> steps, int size)
    {
        double[] last = [.. steps.TakeLast(size).Select(step => step.Metric).OfType<double>()];
        return last.Length == size ? Window.Of(last, 0, size) : null;
    }

    private static double? Lifted(TrainingPlan plan, double? metric)
    {
        if (plan is not { MetricName: MetricNames.Accuracy, ChanceMetric: { } chance } || chance >= 1) return null;
        return (metric - chance) / (1 - chance);
    }

    private static int? Halfway(List<StepRecord> steps, double[] losses, double reference)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            int from = Math.Max(0, i - SmallWindow + 1);
            if (Fall(reference, Window.Of(losses, from, i - from + 1).Mean) >= Half) return steps[i].Step;
        }
        return null;
    }

    private static double Fall(double from, double to) => (from - to) / Math.Max(Math.Abs(from), double.Epsilon);
}
