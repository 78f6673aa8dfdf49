using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Length and direction of the weights of every linear layer and convolution learned apart (Salimans &amp; Kingma
/// 2016); not of weights that start without a direction, or are fitted in one piece.
/// </summary>
public sealed class AddWeightNorm() : Remedy("weight-norm", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) => LayerRewriting.HasFixup(experiment.Model)
        ? null
        : experiment with
        {
            Model = LayerRewriting.Map(experiment.Model, layer => layer is WeightedSpec weighted
                && HasDirections(weighted)
                ? weighted with { WeightNorm = true }
                : layer),
        };

    private static bool HasDirections(WeightedSpec layer) => layer.Init is not (
        ZerosInitSpec or ConstantInitSpec { Value: 0 } or IdentityInitSpec or NormalInitSpec { Std: 0 }
        or UniformInitSpec { A: 0 } or RidgeInitSpec);
}
