using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Attention without windows, and nothing else changed.</summary>
internal sealed class TakeOutWindows() : Intervention(CauseIds.Attention, "let attention see the whole sequence")
{
    public override Experiment? Apply(Experiment experiment) =>
        experiment with { Model = AttentionRewriting.WithoutWindows(experiment.Model) };
}
