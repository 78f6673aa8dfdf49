using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Identity paths beside branches that are scaled by 1/√blocks, so that the sum over depth stays bounded (Zhang,
/// Dauphin &amp; Ma 2019; De &amp; Smith 2020). Blocks that are there already are scaled.
/// </summary>
public sealed class AddScaledResidual() : Remedy("scaled-residual", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        Experiment? blocks = ResidualRewriting.CountBlocks(experiment.Model) > 0
            ? experiment
            : new AddResidual().Apply(experiment);
        if (blocks is null) return null;
        double scale = Math.Round(1 / Math.Sqrt(ResidualRewriting.CountBlocks(blocks.Model)), 4);
        return blocks with { Model = ResidualRewriting.WithScale(blocks.Model, scale) };
    }
}
