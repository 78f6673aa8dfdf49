using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Says whether a training that was run in full with remedies is a repair of the one that was given.</summary>
internal static class Verification
{
    /// <summary>The share of the given training's loss that a repair must take off it; where a metric decides, its rise.</summary>
    private const double LeastGain = 0.02;

    /// <summary>
    /// Whether a judged training is healthy, ends below the given one's loss (where the accuracy on the last output
    /// decides: above that), and knows more than chance does.
    /// </summary>
    public static bool IsRepair(Run given, Run repaired)
    {
        Outcome before = OutcomeOf(given), after = OutcomeOf(repaired);
        bool isGain = repaired.Header.Plan.IsJudgedByMetric
            ? after.Metric > before.Metric + LeastGain
            : after.Loss < (1 - LeastGain) * before.Loss;
        bool isBetter = after.IsFinite && (!before.IsFinite || !double.IsFinite(before.Loss) || isGain);
        return isBetter && IsAboveChance(repaired) && repaired.Diagnosis!.Verdict.Kind == VerdictKind.Healthy;
    }

    /// <summary>What a training came to.</summary>
    public static Outcome OutcomeOf(Run run)
    {
        Evaluation? validation = LastOf(run, "validation"), test = LastOf(run, "test");
        Frame? first = run.Frames.Count > 0 ? run.Frames[0] : null;
        return new Outcome(
            run.Steps.Count, validation?.Loss ?? double.NaN, validation?.Metric, test?.Loss, test?.Metric,
            DepthProfile.DecadesPerLayer(run.Header.Structure.Cuts, first?.CutNorms), run.End?.Reason != "non-finite");
    }

    /// <summary>Whether the last validation metric lies three standard errors above chance, where both are known.</summary>
    private static bool IsAboveChance(Run run)
    {
        Evaluation? last = LastOf(run, "validation");
        if (run.Header.Plan.ChanceMetric is not { } chance || last?.Metric is not { } metric) return true;
        return metric > chance + 3 * Math.Sqrt(chance * (1 - chance) / last.Samples);
    }

    private static Evaluation? LastOf(Run run, string split) => run.Evaluations.LastOrDefault(e => e.Split == split);
}
