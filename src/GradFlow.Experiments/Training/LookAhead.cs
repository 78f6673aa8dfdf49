namespace GradFlow.Experiments;

/// <summary>Finds layers whose output at a time step comes of later ones too.</summary>
internal static class LookAhead
{
    /// <summary>The first such layer, within blocks too; null where all go forward alone.</summary>
    public static LayerSpec? FirstOf(IEnumerable<LayerSpec> layers) =>
        layers.Select(FirstOf).FirstOrDefault(layer => layer is not null);

    private static LayerSpec? FirstOf(LayerSpec layer) => layer switch
    {
        RepeatSpec repeat => FirstOf(repeat.Layers),
        BlockSpec block => FirstOf(block.Layers),
        RecurrentSpec { Bidirectional: false } or AttentionSpec { Causal: true }
            or TransformerEncoderSpec { Causal: true } or ConvSpec { Kernel: 1, Stride: 1 } => null,
        RecurrentSpec or AttentionSpec or TransformerEncoderSpec or ConvSpec or PoolSpec or AttentionDecoderSpec
            or TransformerDecoderSpec => layer,
        _ => null,
    };
}
