using System.Globalization;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>
/// Says what clipping without any other remedy came to on a training that broke: it bounds the step, not the growth
/// behind it, so numbers that stay finite are no sign that the net learns (Pascanu, Mikolov &amp; Bengio 2013).
/// </summary>
internal static class ClippingAlone
{
    /// <summary>The share of the baseline loss that must be gone for a fork without a metric to have learned.</summary>
    private const double LearnedShare = 0.1;

    /// <summary>The share of the way from chance to 1 below which more is left to learn than was learned.</summary>
    private const double WellLearnedShare = 0.5;

    /// <summary>A sentence; null where the training did not break, clipping wasn't tried alone, or it taught.</summary>
    /// <param name="broken">The training as it was given.</param>
    /// <param name="trials">The forks.</param>
    /// <param name="samples">Validation samples that forks were judged on.</param>
    public static string? InWords(Run broken, IReadOnlyList<Trial> trials, int samples)
    {
        if (broken.End?.Reason != "non-finite") return null;
        List<Trial> clipped = [.. trials.Where(
            t => t.Remedy is "clip-norm" or "clip-value" or "adaptive-clip" && t.Kind == "restart")];
        if (clipped.Count == 0 || clipped.Exists(t => !double.IsFinite(t.Loss))) return null;
        TrainingPlan plan = broken.Header.Plan;
        if (plan is { MetricName: MetricNames.Accuracy, ChanceMetric: { } chance }
            && clipped.TrueForAll(t => t.Metric is not null))
        {
            double metric = clipped.Average(t => t.Metric!.Value);
            double error = Math.Sqrt(chance * (1 - chance) / (samples * clipped.Count));
            if (metric > chance + WellLearnedShare * (1 - chance)) return null;
            string teaches = metric > chance + 3 * error ? "hardly teaches" : "doesn't teach";
            return $"Clipping alone stops the NaN but {teaches}: {Share(metric)} after {clipped[0].Steps:N0} steps, "
                + $"where chance is {Share(chance)}.";
        }
        double loss = clipped.Average(t => t.Loss);
        return plan.BaselineLoss is { } baseline && loss > (1 - LearnedShare) * baseline
            ? $"Clipping alone stops the NaN but doesn't teach: after {clipped[0].Steps:N0} steps its loss is "
                + $"{Diagnosis.InWords.Number(loss)}, that of a constant prediction "
                + $"{Diagnosis.InWords.Number(baseline)}."
            : null;
    }

    private static string Share(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);
}
