using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>
/// Short sequences learned, long ones not: the net does the task and does not remember for long enough. It is the
/// loss's own word for what the gradient's lags show.
/// </summary>
/// <param name="Short">The longest sequences that are learned well, or where none are, better than a guess.</param>
/// <param name="Long">The shortest sequences of those that are not; neither are any longer ones.</param>
/// <param name="ShortLift">Share of the way from a guess to perfect that is covered on the short ones.</param>
/// <param name="LongLift">The same on the long ones, the best of them.</param>
/// <param name="IsByMetric">True where the accuracy says so, false where the loss does.</param>
internal sealed record LearnedLengths(
    LengthLoss Short, LengthLoss Long, double ShortLift, double LongLift, bool IsByMetric)
{
    /// <summary>True where half of the way or more is covered on the short ones.</summary>
    public bool AreShortLearnedWell { get; private init; }

    /// <summary>
    /// Reads a run; null where lengths weren't judged apart, or short and long ones don't differ so. Lengths that the
    /// training data don't have may be learned; that they aren't says nothing.
    /// </summary>
    public static LearnedLengths? Of(Run run, Thresholds thresholds)
    {
        bool byMetric = run.Header.Plan.MetricName == "accuracy"
            && run.ByLength?.Rows.All(row => row is { Metric: not null, ChanceMetric: < 1 }) == true;
        (LengthLoss Row, double Lift)[] rows = [.. (run.ByLength?.Rows ?? [])
            .Select(row => (row, LiftOf(row, byMetric))).Where(entry => entry.Item2 is not null)
            .Select(entry => (entry.row, entry.Item2!.Value))];
        double Least(double share, LengthLoss row) => Math.Max(share, Noise(row, byMetric, thresholds));
        double stuck = byMetric ? thresholds.StuckLift : thresholds.StuckShare;
        int unlearned = rows.Length;
        while (unlearned > 0 && rows[unlearned - 1] is { Row: { IsTrained: true } row, Lift: var lift }
            && lift < Least(stuck, row)) unlearned--;
        int LastWith(double share) =>
            Array.FindLastIndex(rows[..unlearned], entry => entry.Lift >= Least(share, entry.Row));
        int well = LastWith(thresholds.WellLearnedShare);
        int learned = well >= 0 ? well : LastWith(thresholds.LearnedShare);
        return unlearned == rows.Length || learned < 0
            ? null
            : new LearnedLengths(
                rows[learned].Row, rows[unlearned].Row, rows[learned].Lift, rows[unlearned..].Max(entry => entry.Lift),
                byMetric)
            {
                AreShortLearnedWell = well >= 0,
            };
    }

    private static double? LiftOf(LengthLoss row, bool byMetric)
    {
        double? lift = byMetric
            ? (row.Metric - row.ChanceMetric) / (1 - row.ChanceMetric)
            : row.BaselineLoss > 0 ? 1 - row.Loss / row.BaselineLoss : null;
        return lift is { } known && double.IsFinite(known) ? known : null;
    }

    /// <summary>What a guess may show by luck on so many sequences; nobody knows how far a loss scatters.</summary>
    private static double Noise(LengthLoss row, bool byMetric, Thresholds thresholds) =>
        byMetric && row is { ChanceMetric: > 0 and < 1 and var chance, Samples: > 0 }
            ? thresholds.MetricErrors * Math.Sqrt(chance / (1 - chance) / row.Samples)
            : 0;
}
