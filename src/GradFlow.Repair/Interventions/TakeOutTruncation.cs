using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>The gradient followed to the start of each sequence.</summary>
internal sealed class TakeOutTruncation()
    : Intervention(CauseIds.Recurrence, "followed the gradient to the start of each sequence")
{
    public override Experiment? Apply(Experiment experiment) =>
        experiment with { Training = experiment.Training with { Truncate = null } };
}
