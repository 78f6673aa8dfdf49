using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>What is so of nets of which gradients train nothing, or nothing through time.</summary>
internal static class Untrained
{
    /// <summary>True where a run is over for which no step was planned, as where a readout is fitted at once.</summary>
    public static bool IsWhole(Run run) =>
        run is { Steps.Count: 0, Header.Plan.Steps: 0, End.Reason: "completed" };

    /// <summary>
    /// True where there are recurrent layers and all weights up to the last of them are frozen, as an echo-state net's:
    /// no gradient travels back through time, and there is none to be recorded.
    /// </summary>
    public static bool IsThroughTime(RunStructure structure)
    {
        if (structure is not { Recurrences: { Count: > 0 } layers, Parameters.Count: > 0 }) return false;
        int last = layers.Max(layer => layer.Layer);
        return structure.Parameters.All(parameter => parameter.IsFrozen || parameter.Layer > last);
    }

    /// <summary>
    /// The verdict on a run without steps: how well its net does, and that no gradient had a part in it.
    /// </summary>
    public static Verdict Judge(Run run, Thresholds thresholds)
    {
        string made = run.Header.Structure.Parameters.Any(weight => weight.Init?.StartsWith("ridge", IsExact) == true)
            ? "its readout was fitted at the start, by ridge regression"
            : "its weights are those of the start";
        string none = "No step was planned, so nothing is trained by gradients, and none can vanish or explode";
        if (Judgement(run) is not { } judged)
            return new Verdict(VerdictKind.Inconclusive, $"Inconclusive: {made}. {none}.", []);
        bool isGood = Share(run.Header.Plan, judged) >= thresholds.LearnedShare;
        VerdictKind kind = isGood ? VerdictKind.Healthy : VerdictKind.Inconclusive;
        string reach = $"{Score(run.Header.Plan, judged)} on {judged.Split} data";
        string comes = isGood ? "reaches" : "it is hardly better than a guess, with";
        return new Verdict(kind, $"{kind}: {made}, and {comes} {reach}. {none}.", []);
    }

    private const StringComparison IsExact = StringComparison.Ordinal;

    private static Evaluation? Judgement(Run run)
    {
        Evaluation? Of(string split) => run.Evaluations.LastOrDefault(e => e.Split == split && double.IsFinite(e.Loss));
        return Of("test") ?? Of("validation");
    }

    /// <summary>Share of the way from a constant prediction to a perfect one; null where nobody knows it.</summary>
    private static double? Share(TrainingPlan plan, Evaluation judged) =>
        plan is { MetricName: MetricNames.Accuracy, ChanceMetric: { } chance and < 1 } && judged.Metric is { } metric
            ? (metric - chance) / (1 - chance)
            : 1 - judged.Loss / plan.BaselineLoss;

    private static string Score(TrainingPlan plan, Evaluation judged) => (plan.MetricName, judged.Metric) switch
    {
        (MetricNames.Accuracy, { } metric) =>
            $"accuracy {InWords.Score(metric)}{Beside(plan.ChanceMetric, InWords.Score)}",
        ({ } name, { } metric) => $"{name} {InWords.Number(metric)}{Beside(plan.ChanceMetric, InWords.Number)}",
        _ => $"loss {InWords.Number(judged.Loss)}{Beside(plan.BaselineLoss, InWords.Number)}",
    };

    private static string Beside(double? constant, Func<double, string> write) =>
        constant is { } known ? $" (a constant prediction: {write(known)})" : "";
}
