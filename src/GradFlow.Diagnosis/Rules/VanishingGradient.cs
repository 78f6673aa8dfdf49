using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis.Rules;

/// <summary>The gradient shrinks on its way back, so that the first layers hardly learn.</summary>
/// <remarks>
/// Compares layers with each other and never looks at the gradient's size, which shrinks in every net that converges.
/// </remarks>
public sealed class VanishingGradient : Rule
{
    /// <inheritdoc/>
    public override string Id => RuleIds.VanishingGradient;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Vanishes) yield return GainFinding.Of(Id, evidence);
    }
}
