using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>Weights of the size that the activation asks for: He's before rectifiers, LeCun's else.</summary>
internal sealed class RescaleWeights()
    : Intervention(CauseIds.WeightScale, "drew the weights at the activation's critical scale, all else unchanged")
{
    public override Experiment Apply(Experiment experiment)
    {
        InitSpec init = LayerRewriting.IsRectifier(LayerRewriting.MainActivation(experiment))
            ? new HeNormalInitSpec()
            : new LecunNormalInitSpec();
        return experiment with
        {
            Model = LayerRewriting.Map(
                experiment.Model, layer => layer is LinearSpec linear ? linear with { Init = init } : layer),
        };
    }
}
