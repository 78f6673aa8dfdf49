using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>
/// Makes the finding of windows of attention that end before what the task needs: the gradient is exactly 0 beyond
/// them, by the way the net is built, whatever its weights.
/// </summary>
internal static class ReachFinding
{
    /// <summary>The disease, as the verdict names it.</summary>
    public const string Disease = "the output does not see what decides";

    /// <summary>
    /// The finding; null of a net that isn't known to need more, and that learns: narrow windows are then as they
    /// should be.
    /// </summary>
    /// <param name="rule">The rule's id.</param>
    /// <param name="evidence">The records.</param>
    public static Finding? Of(string rule, Evidence evidence)
    {
        if (evidence.ShortReach is not { } reach || SeverityOf(reach, evidence) is not { } severity) return null;
        string first = reach.Layers[0].Name, last = reach.Layers[^1].Name;
        return new Finding(
            rule, CauseIds.Attention, severity, new LayerSpan(first, last), 0, Numbers(reach, evidence),
            Explanation("the output", reach, evidence), Prescription.ForShortReach);
    }

    /// <summary>The verdict in plain words.</summary>
    public static string Verdict(Evidence evidence) =>
        $"Sick: {Disease}. {Explanation("it", evidence.ShortReach!, evidence)}";

    private static string Explanation(string subject, ShortReach reach, Evidence evidence)
    {
        string seen = $"Through {reach.Windows} {subject} sees no further back than {reach.Reach}";
        return reach.IsNeedKnown
            ? $"{seen}, where this task needs {reach.Needed}: what lies further back has no way there and is never "
                + "learned from. The cause is windows that are too narrow for so few layers."
                + Forgotten.ByMetric(evidence, reach.Needed) + Forgotten.ByLength(evidence)
            : $"{seen}, where a sequence has {reach.Needed + 1} time steps; how far back the task needs it is not "
                + "known (plan.longestDependency).";
    }

    private static Severity? SeverityOf(ShortReach reach, Evidence evidence)
    {
        bool fails = evidence.Learning.State == LearningState.Stuck || evidence.LearnsBadly;
        if (!reach.IsNeedKnown) return fails ? Severity.Warning : null;
        if (fails || evidence.MissesLongSequences) return Severity.Critical;
        return evidence is { Learning.State: LearningState.Learned, Lengths: null } ? Severity.Info : Severity.Warning;
    }

    private static Dictionary<string, double> Numbers(ShortReach reach, Evidence evidence)
    {
        Dictionary<string, double> numbers = new()
        {
            ["reach"] = reach.Reach,
            ["neededLag"] = reach.Needed,
            ["layers"] = reach.Layers.Count,
        };
        if (reach.Window is { } window) numbers["window"] = window;
        foreach ((string name, double value) in Forgotten.Numbers(evidence)) numbers[name] = value;
        return numbers;
    }
}
