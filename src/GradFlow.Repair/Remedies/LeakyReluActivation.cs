using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Leaky ReLU in place of hidden ReLUs, so that no unit's slope is 0 for good (Maas, Hannun &amp; Ng 2013).
/// </summary>
public sealed class LeakyReluActivation() : Remedy("leaky-relu", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) => LayerRewriting.InHidden(
        experiment, hidden => LayerRewriting.Map(hidden, layer => layer is ReluSpec ? new LeakyReluSpec() : layer));
}
