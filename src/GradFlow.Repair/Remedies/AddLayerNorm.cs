using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Layer normalisation before every hidden activation (Ba, Kiros &amp; Hinton 2016).</summary>
public sealed class AddLayerNorm() : AddNorm("layer-norm", takesImages: false)
{
    private protected override LayerSpec Norm() => new LayerNormSpec();
}
