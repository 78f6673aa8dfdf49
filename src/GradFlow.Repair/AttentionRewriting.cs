using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Finds and rewrites what lets time steps look at each other.</summary>
internal static class AttentionRewriting
{
    /// <summary>True of attention and of blocks with any in them.</summary>
    public static bool Attends(LayerSpec layer) => layer switch
    {
        AttentionSpec or TransformerSpec or AttentionDecoderSpec => true,
        RepeatSpec repeat => repeat.Layers.Any(Attends),
        BlockSpec block => block.Layers.Any(Attends),
        _ => false,
    };

    /// <summary>
    /// The layers with attention to all time steps in place of windows, of causal attention all before.
    /// </summary>
    public static ValueList<LayerSpec> WithoutWindows(IReadOnlyList<LayerSpec> model) =>
        LayerRewriting.Map(model, layer => layer switch
        {
            AttentionSpec attention => attention with { Window = null },
            TransformerEncoderSpec blocks => blocks with { Window = null },
            _ => layer,
        });
}
