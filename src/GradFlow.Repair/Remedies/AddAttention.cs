using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Attention behind the last recurrent layer, in a residual block (Bahdanau, Cho &amp; Bengio 2015; Vaswani et al.
/// 2017): each time step sees all states before it, so that the gradient reaches them without passing those between.
/// </summary>
public sealed class AddAttention() : Remedy("attention", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        int last = experiment.Model.ToList().FindLastIndex(RecurrentRewriting.IsRecurrent);
        if (last < 0 || experiment.Model.Skip(last).Any(Attends)) return null;
        var block = new ResidualSpec { Layers = [new AttentionSpec { Heads = 1, Causal = true }] };
        return experiment with
        {
            Model = new ValueList<LayerSpec>(
                experiment.Model.SelectMany((layer, i) => i == last ? [layer, block] : new[] { layer })),
        };
    }

    private static bool Attends(LayerSpec layer) => layer switch
    {
        AttentionSpec or TransformerSpec or AttentionDecoderSpec => true,
        BlockSpec block => block.Layers.Any(Attends),
        _ => false,
    };
}
