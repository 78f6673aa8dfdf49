using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// SELU in every hidden layer with the weights that it is made for, variance 1/fan-in and biases at 0: signals of mean
/// 0 and variance 1 then stay so from layer to layer (Klambauer et al. 2017).
/// </summary>
public sealed class SeluActivation() : Remedy("selu", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        Experiment? changed = LayerRewriting.InHidden(experiment, hidden => LayerRewriting.Map(
            hidden, layer => LayerRewriting.IsActivation(layer) ? new SeluSpec() : layer));
        return changed is null || changed == experiment
            ? null
            : LayerRewriting.WithInit(changed, new LecunNormalInitSpec());
    }
}
