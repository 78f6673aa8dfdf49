using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Randomised leaky ReLU in place of hidden ReLUs, leaky or not: slopes from 1/8 to 1/3 below 0, drawn anew at every
/// step (Xu et al. 2015).
/// </summary>
public sealed class RreluActivation() : Remedy("rrelu", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) => LayerRewriting.InHidden(
        experiment, hidden => LayerRewriting.Map(
            hidden, layer => layer is ReluSpec or LeakyReluSpec ? new RreluSpec() : layer));
}
