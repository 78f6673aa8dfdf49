using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Leaky ReLU in place of ReLU, so that no unit's slope is 0 for good (Maas, Hannun &amp; Ng 2013).</summary>
public sealed class LeakyReluActivation() : Remedy("leaky-relu", ForkKind.Restart)
{
    private protected override Experiment Change(Experiment experiment) => experiment with
    {
        Model = LayerRewriting.Map(experiment.Model, layer => layer is ReluSpec ? new LeakyReluSpec() : layer),
    };
}
