using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>The output that the loss is made for.</summary>
internal sealed class GiveLogits() : Intervention(CauseIds.LossOrOutput, "gave the loss the output that it is made for")
{
    public override Experiment? Apply(Experiment experiment) => new FixOutput().Apply(experiment);
}
