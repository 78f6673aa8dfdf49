using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Updates without weight decay.</summary>
internal sealed class TakeOffDecay() : Intervention(CauseIds.LossOrOutput, "trained without weight decay")
{
    public override Experiment? Apply(Experiment experiment) => new DropDecay().Apply(experiment);
}
