using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// PReLU in place of hidden ReLUs, leaky or not: slopes of 0.25 below 0 at first, which training then suits to the net
/// (He et al. 2015).
/// </summary>
public sealed class PreluActivation() : Remedy("prelu", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) => LayerRewriting.InHidden(
        experiment, hidden => LayerRewriting.Map(
            hidden, layer => layer is ReluSpec or LeakyReluSpec ? new PreluSpec() : layer));
}
