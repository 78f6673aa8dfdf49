using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>A tenth of the learning rate.</summary>
internal sealed class LowerRate() : Intervention(CauseIds.LearningRate, "took a tenth of the learning rate")
{
    public override Experiment? Apply(Experiment experiment) => new LowerLearningRate().Apply(experiment);
}
