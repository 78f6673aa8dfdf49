using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>
/// What trials are compared by, the lower the better: the validation loss; or, where the accuracy on the last output
/// alone says whether a net has learned, how much of the way from chance to 1 is left.
/// </summary>
internal sealed class TrialScore
{
    /// <summary>By loss, the share of the control's best that a remedy's worst seed must gain.</summary>
    private const double LossMargin = 0.02;

    /// <summary>By metric, the share of the way from chance to 1 that it must gain; more on a small split.</summary>
    private const double MetricMargin = 0.1;

    /// <summary>Standard errors of a net at chance that the margin must exceed.</summary>
    private const double StandardErrors = 3;

    /// <summary>
    /// By metric, what is left of the way below which nets are alike: a perfect score is no better than nearly so.
    /// </summary>
    private const double SolvedShare = 0.05;

    private readonly double? _chance;
    private readonly double _margin;

    private TrialScore(double? chance, double margin) => (_chance, _margin) = (chance, margin);

    /// <summary>By validation loss.</summary>
    public static TrialScore ByLoss { get; } = new(null, LossMargin);

    /// <summary>What the trials of a task are compared by.</summary>
    /// <param name="plan">The training as planned.</param>
    /// <param name="samples">Samples in the validation split.</param>
    public static TrialScore For(TrainingPlan plan, int samples)
    {
        if (!plan.IsJudgedByMetric) return ByLoss;
        double chance = plan.ChanceMetric!.Value;
        double error = Math.Sqrt(chance * (1 - chance) / Math.Max(1, samples)) / (1 - chance);
        return new TrialScore(chance, Math.Max(MetricMargin, StandardErrors * error));
    }

    /// <summary>A trial's score; infinite where it ended in NaN or infinity.</summary>
    public double Of(Trial trial) => Of(trial.Loss, trial.Metric);

    /// <summary>
    /// The score of a training that came to a loss and a metric; infinite where the loss is not finite.
    /// </summary>
    public double Of(double loss, double? metric)
    {
        if (!double.IsFinite(loss)) return double.PositiveInfinity;
        return _chance is { } chance ? Math.Max(SolvedShare, (1 - (metric ?? chance)) / (1 - chance)) : loss;
    }

    /// <summary>
    /// True of a score that a training which knows nothing doesn't reach: below a constant prediction's loss, or above
    /// chance, by the same margin as below a control's.
    /// </summary>
    /// <param name="score">The score.</param>
    /// <param name="baseline">The constant prediction's loss; null where unknown, and any finite loss will do.</param>
    public bool IsLearning(double score, double? baseline) =>
        score < Limit(_chance is null ? baseline ?? double.PositiveInfinity : 1);

    /// <summary>
    /// What a remedy must stay below, given the controls' best; infinite where any finite end will do.
    /// </summary>
    public double Limit(double control) => _chance is null
        ? double.IsPositiveInfinity(control) ? control : control * (1 - _margin)
        : Math.Min(control, 1) - _margin;
}
