using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>An identity path beside every hidden layer that keeps the width (He et al. 2016).</summary>
public sealed class AddResidual() : Remedy("residual", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) =>
        LayerRewriting.InHidden(experiment, hidden => ResidualRewriting.Wrap(hidden, 1));
}
