using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>ReLU in place of activations that saturate on both sides (Glorot, Bordes &amp; Bengio 2011).</summary>
public sealed class ReluActivation() : Remedy("relu", ForkKind.Restart)
{
    private protected override Experiment Change(Experiment experiment) => experiment with
    {
        Model = LayerRewriting.Map(
            experiment.Model, layer => LayerRewriting.IsSaturating(layer) || layer is ExponentialSpec ? new ReluSpec() : layer),
    };
}
