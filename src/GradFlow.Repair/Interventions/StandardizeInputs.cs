using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Inputs with mean 0 and standard deviation 1.</summary>
internal sealed class StandardizeInputs() : Intervention(
    CauseIds.DataScale, "scaled the inputs to mean 0 and deviation 1")
{
    public override Experiment? Apply(Experiment experiment) => new ScaleData().Apply(experiment);
}
