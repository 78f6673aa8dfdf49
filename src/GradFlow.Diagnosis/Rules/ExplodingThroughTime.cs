using GradFlow.Diagnosis.Lags;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>
/// The gradient of a late loss grows on its way back through time, so that what lies far back drowns what lies near,
/// and a step may throw the net off.
/// </summary>
public sealed class ExplodingThroughTime : Rule
{
    /// <inheritdoc/>
    public override string Id => RuleIds.ExplodingThroughTime;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.ExplodesThroughTime) yield return TimeFinding.Of(Id, evidence);
    }
}
