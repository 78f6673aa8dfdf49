using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>
/// Weights of the size that the activation asks for, He's before rectifiers and LeCun's else, and biases of 0: what
/// starts on the wrong side is as often a bias.
/// </summary>
internal sealed class RescaleWeights()
    : Intervention(CauseIds.WeightScale, "drew the weights at the activation's critical scale with biases at 0")
{
    public override Experiment Apply(Experiment experiment)
    {
        InitSpec init = LayerRewriting.IsRectifier(LayerRewriting.MainActivation(experiment))
            ? new HeNormalInitSpec()
            : new LecunNormalInitSpec();
        return experiment with
        {
            Model = LayerRewriting.Map(
                experiment.Model,
                layer => layer is WeightedSpec weighted
                    ? weighted with { Init = init, Bias = ZeroOf(weighted.Bias) }
                    : layer),
        };
    }

    private static BiasInitSpec? ZeroOf(BiasInitSpec? bias) => bias is null ? null : new ZerosInitSpec();
}
