using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>The same weights without their activations: what decay is left is not the activation's.</summary>
internal sealed class TakeOffActivations() : Intervention(
    CauseIds.Activation, "took the activations off, weights unchanged")
{
    public override Experiment? Apply(Experiment experiment) => LayerRewriting.InHidden(
        experiment, hidden => LayerRewriting.MapLists(
            hidden, layers => layers.Where(layer => !LayerRewriting.IsActivation(layer))));
}
