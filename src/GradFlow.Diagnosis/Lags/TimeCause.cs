using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>Names what makes a gradient vanish or explode through time.</summary>
internal static class TimeCause
{
    /// <summary>The cause id (<see cref="CauseIds"/>) of a troubled flow.</summary>
    public static string Of(TimeFlow flow, Evidence evidence)
    {
        if (!flow.IsFromStart)
            return evidence.UnscaledData is null ? CauseIds.LearningRate : CauseIds.DataScale;
        return flow.Trouble == TimeTrouble.Vanishes
            && (flow.Judged.EndsInZeros || new TimeShares(flow.Judged).AreSlopesFirst(evidence.Thresholds))
            ? CauseIds.Activation
            : CauseIds.Recurrence;
    }
}
