using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Residual branches scaled by 1/√blocks.</summary>
internal sealed class ScaleBranches() : Intervention(
    CauseIds.ResidualScale, "scaled the residual branches by 1/√blocks")
{
    public override Experiment? Apply(Experiment experiment) =>
        ResidualRewriting.CountBlocks(experiment.Model) > 0 ? new AddScaledResidual().Apply(experiment) : null;
}
