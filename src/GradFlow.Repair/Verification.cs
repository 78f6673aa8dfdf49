using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Says whether a training that was run in full with remedies is a repair of the one that was given.</summary>
internal static class Verification
{
    /// <summary>The share of the given training's loss that a repair must take off it; of a metric, its rise.</summary>
    private const double LeastGain = 0.02;

    /// <summary>
    /// Whether a judged training is healthy, ends below the given one's loss (where the accuracy on the last output
    /// decides: above that), and knows more than chance does.
    /// </summary>
    public static bool IsRepair(Run given, Run repaired)
    {
        Outcome before = Outcome.Of(given), after = Outcome.Of(repaired);
        bool isGain = repaired.Header.Plan.IsJudgedByMetric
            ? after.Metric > before.Metric + LeastGain
            : after.Loss < (1 - LeastGain) * before.Loss;
        bool isBetter = after.IsFinite && (!before.IsFinite || !double.IsFinite(before.Loss) || isGain);
        return isBetter && IsAboveChance(repaired) && repaired.Diagnosis!.Verdict.Kind == VerdictKind.Healthy;
    }

    /// <summary>
    /// Whether the last validation accuracy lies three standard errors above chance, or the error below that of a
    /// constant prediction, where both are known.
    /// </summary>
    private static bool IsAboveChance(Run run)
    {
        Evaluation? last = run.Evaluations.LastOrDefault(evaluation => evaluation.Split == "validation");
        if (run.Header.Plan.ChanceMetric is not { } chance || last?.Metric is not { } metric) return true;
        if (run.Header.Plan.MetricName == MetricNames.Nrmse) return metric < chance;
        return metric > chance + 3 * Math.Sqrt(chance * (1 - chance) / last.Samples);
    }
}
