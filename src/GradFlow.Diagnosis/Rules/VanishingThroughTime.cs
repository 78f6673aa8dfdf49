using GradFlow.Diagnosis.Lags;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>
/// The gradient of a late loss shrinks on its way back through time, or is cut there, be it by truncation or by windows
/// of attention, so that what lies far back is not learned from.
/// </summary>
/// <remarks>
/// Compares lags with each other and with the lag that the task needs, and never looks at the gradient's size. A memory
/// in any of several recurrent layers will do.
/// </remarks>
public sealed class VanishingThroughTime : Rule
{
    /// <inheritdoc/>
    public override string Id => RuleIds.VanishingThroughTime;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.VanishesThroughTime) yield return TimeFinding.Of(Id, evidence);
        else if (ReachFinding.Of(Id, evidence) is { } finding) yield return finding;
    }
}
