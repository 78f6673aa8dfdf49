using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>An optimiser without weight decay, for one that pulls harder than the loss.</summary>
public sealed class DropDecay() : Remedy("drop-decay", ForkKind.Continue)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        OptimizerSpec optimizer = experiment.Optimizer;
        return experiment with
        {
            Optimizer = optimizer with
            {
                WeightDecay = 0,
                Groups = [.. optimizer.Groups.Select(
                    group => group.WeightDecay is null ? group : group with { WeightDecay = 0 })],
            },
        };
    }
}
