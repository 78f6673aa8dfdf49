using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Gradients as they are.</summary>
internal sealed class TakeOffClipping() : Intervention(CauseIds.Clipping, "trained without clipping")
{
    public override Experiment? Apply(Experiment experiment) => experiment.Training.Clip is null
        ? null
        : experiment with { Training = experiment.Training with { Clip = null } };
}
