using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>The gradient grows on its way back, so that no step size suits both ends of the net.</summary>
public sealed class ExplodingGradient : Rule
{
    /// <inheritdoc/>
    public override string Id => RuleIds.ExplodingGradient;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Explodes) yield return GainFinding.Of(Id, evidence);
    }
}
