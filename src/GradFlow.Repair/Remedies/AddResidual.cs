using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>An identity path beside every hidden layer that keeps the width (He et al. 2016).</summary>
public sealed class AddResidual() : Remedy("residual", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) =>
        ResidualRewriting.Wrap(experiment.Model, 1) is { } model ? experiment with { Model = model } : null;
}
