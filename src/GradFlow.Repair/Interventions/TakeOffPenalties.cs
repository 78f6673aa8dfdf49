using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>A loss without penalties.</summary>
internal sealed class TakeOffPenalties() : Intervention(CauseIds.LossOrOutput, "trained without penalties")
{
    public override Experiment? Apply(Experiment experiment) => new DropPenalty().Apply(experiment);
}
