using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>
/// What a net that doesn't reach far enough back has not learned: by its metric, and by its sequences' lengths.
/// </summary>
internal static class Forgotten
{
    /// <summary>
    /// What the accuracy on the last output says; begins with a space, empty where it doesn't decide or all is well.
    /// </summary>
    /// <param name="evidence">The records.</param>
    /// <param name="neededLag">How far back what decides lies.</param>
    public static string ByMetric(Evidence evidence, int neededLag)
    {
        Learning learning = evidence.Learning;
        bool isTold = learning.State == LearningState.Stuck || evidence.LearnsBadly;
        if (!isTold || learning is not { IsJudgedByMetric: true, Metric: { } metric }) return "";
        string score = $"{evidence.Plan.MetricName} on the last output is {InWords.Score(metric)}"
            + (learning.State == LearningState.Stuck ? $", {InWords.AtChance(learning, evidence.Plan)}" : "");
        return learning.Progress >= evidence.Thresholds.LearnedShare
            ? $" What lies near is learned, and the loss falls from {InWords.Number(learning.StartLoss!.Value)} to "
                + $"{InWords.Number(learning.EndLoss!.Value)}; what lies {neededLag} steps back is not: {score}."
            : $" So nothing is learned from what lies {neededLag} steps back: {score}.";
    }

    /// <summary>Short learned, long not; begins with a space, empty where that isn't so.</summary>
    public static string ByLength(Evidence evidence)
    {
        if (evidence.Lengths is not { } lengths) return "";
        string Score(LengthLoss row) => lengths.IsByMetric
            ? $"accuracy {InWords.Score(row.Metric!.Value)}"
            : $"loss {InWords.Number(row.Loss)}";
        string guess = lengths.IsByMetric
            ? InWords.Score(lengths.Long.ChanceMetric!.Value)
            : InWords.Number(lengths.Long.BaselineLoss!.Value);
        string learned = lengths.AreShortLearnedWell ? "are learned" : "are better than a guess";
        return $" The length tells the same: sequences of up to {lengths.Short.To} time steps {learned} "
            + $"({Score(lengths.Short)}), those from {lengths.Long.From} on are not ({Score(lengths.Long)}, where a "
            + $"guess has {guess}).";
    }

    /// <summary>The lengths and what was learned of them; nothing where they don't tell.</summary>
    public static IEnumerable<(string Name, double Value)> Numbers(Evidence evidence) =>
        evidence.Lengths is not { } lengths
            ? []
            :
            [
                ("learnedLength", lengths.Short.To), ("learnedLift", lengths.ShortLift),
                ("unlearnedLength", lengths.Long.From), ("unlearnedLift", lengths.LongLift),
            ];
}
