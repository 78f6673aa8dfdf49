using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// GELU in place of hidden activations that saturate or have a slope of exactly 0 (Hendrycks &amp; Gimpel 2016).
/// </summary>
public sealed class GeluActivation() : Remedy("gelu", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) => LayerRewriting.InHidden(
        experiment, hidden => LayerRewriting.Map(hidden, layer =>
            LayerRewriting.IsSaturating(layer) || layer is ReluSpec or Relu6Spec or ExponentialSpec
                ? new GeluSpec()
                : layer));
}
