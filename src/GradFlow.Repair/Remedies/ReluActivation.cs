using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>ReLU in place of hidden activations that saturate (Glorot, Bordes &amp; Bengio 2011).</summary>
public sealed class ReluActivation() : Remedy("relu", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) => LayerRewriting.InHidden(
        experiment, hidden => LayerRewriting.Map(
            hidden, layer => LayerRewriting.IsSaturating(layer) || layer is ExponentialSpec ? new ReluSpec() : layer));
}
