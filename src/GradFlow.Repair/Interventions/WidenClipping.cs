using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Clipping that leaves gradients of norm 1 whole, where a training needs some.</summary>
internal sealed class WidenClipping() : Intervention(CauseIds.Clipping, "trained with gradients clipped to norm 1")
{
    public override Experiment? Apply(Experiment experiment) => experiment.Training.Clip is null
        ? null
        : experiment with { Training = experiment.Training with { Clip = LoosenClip.Norm } };
}
