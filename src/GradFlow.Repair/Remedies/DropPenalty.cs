using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>A loss without penalties on parameters, for those that outweigh what there is to learn.</summary>
public sealed class DropPenalty() : Remedy("drop-penalty", ForkKind.Continue)
{
    private protected override Experiment? Change(Experiment experiment) => experiment.Training.Regularizers.Count == 0
        ? null
        : experiment with { Training = experiment.Training with { Regularizers = [] } };
}
