using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Layer normalisation before every hidden activation, in plain recurrent layers at each time step (Ba, Kiros &amp;
/// Hinton 2016).
/// </summary>
public sealed class AddLayerNorm() : AddNorm("layer-norm", takesImages: false)
{
    private protected override LayerSpec Norm() => new LayerNormSpec();

    private protected override LayerSpec Within(LayerSpec layer) => layer switch
    {
        RnnSpec { Activation: not RecurrentActivation.ModRelu } rnn => rnn with { LayerNorm = true },
        IrnnSpec irnn => irnn.ToRnn() with { LayerNorm = true },
        _ => layer,
    };
}
