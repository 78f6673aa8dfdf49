using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>A training that had learned, and lost it again.</summary>
/// <param name="Best">The loss, or the accuracy where that decides, of the best stretch of steps.</param>
/// <param name="BestStep">The last step of that stretch.</param>
/// <param name="SinceStep">The first step from which no stretch has learned any more.</param>
/// <param name="IsByMetric">True where the accuracy says so, false where the loss does.</param>
internal sealed record Collapse(double Best, int BestStep, int SinceStep, bool IsByMetric)
{
    /// <summary>
    /// Reads it off the training's own batches, a stretch after the other: even the least that one of them can have
    /// learned, by the scatter of its batches, counts as learned, and the last is back at a guess. Null where that
    /// isn't so: of many stretches at a guess, the luckiest looks as if it had learned.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="steps">Its steps with a finite loss.</param>
    /// <param name="size">How many steps a stretch has.</param>
    /// <param name="thresholds">What is learned, and what is stuck.</param>
    public static Collapse? Of(Run run, List<StepRecord> steps, int size, Thresholds thresholds)
    {
        bool byMetric = run.Header.Plan.IsJudgedByMetric;
        Window[] stretches = Stretches(run.Header.Plan, steps, size);
        if (stretches.Length == 0) return null;
        Window last = stretches[^1], best = stretches.MaxBy(stretch => stretch.Mean);
        if (best.Least < thresholds.LearnedShare) return null;
        double stuck = byMetric ? thresholds.StuckLift : thresholds.StuckShare;
        if (!best.IsAbove(last) || last.Mean >= stuck) return null;

        int first = steps.Count % size, at = first + Array.IndexOf(stretches, best) * size;
        int since = Array.FindLastIndex(stretches, stretch => stretch.Mean >= thresholds.LearnedShare) + 1;
        double reached = steps.Skip(at).Take(size).Average(step => byMetric ? step.Metric!.Value : step.Loss);
        return new Collapse(reached, steps[at + size - 1].Step, steps[first + since * size].Step, byMetric);
    }

    /// <summary>
    /// True where some stretch has learned, whatever became of it: more steps may yet teach the net.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    public static bool HadLearned(Run run, List<StepRecord> steps, int size, Thresholds thresholds) =>
        HaveLearned(Stretches(run.Header.Plan, steps, size), thresholds);

    private static bool HaveLearned(Window[] stretches, Thresholds thresholds) =>
        stretches.Any(stretch => stretch.Mean >= thresholds.LearnedShare && stretch.Least > 0);

    private static Window[] Stretches(TrainingPlan plan, List<StepRecord> steps, int size) =>
        Shares(plan, steps) is not { } shares
            ? []
            : [.. Enumerable.Range(0, steps.Count / size)
                .Select(i => Window.Of(shares, steps.Count % size + i * size, size))];

    /// <summary>
    /// Of each step, the share of the way from a guess to perfect that its batch has covered; null where not known.
    /// </summary>
    private static double[]? Shares(TrainingPlan plan, List<StepRecord> steps)
    {
        if (!plan.IsJudgedByMetric)
            return plan.BaselineLoss is > 0 and var guess ? [.. steps.Select(step => 1 - step.Loss / guess)] : null;
        return plan.ChanceMetric is < 1 and var chance && steps.TrueForAll(step => step.Metric is not null)
            ? [.. steps.Select(step => (step.Metric!.Value - chance) / (1 - chance))]
            : null;
    }
}
