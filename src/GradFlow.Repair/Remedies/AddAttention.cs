using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Attention to all that came before (Bahdanau, Cho &amp; Bengio 2015; Vaswani et al. 2017), so that the gradient
/// reaches far time steps without passing those between: windows of attention are taken out; where there are none,
/// attention comes behind the last recurrent layer, in a residual block.
/// </summary>
public sealed class AddAttention() : Remedy("attention", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        ValueList<LayerSpec> open = AttentionRewriting.WithoutWindows(experiment.Model);
        if (!open.Equals(experiment.Model)) return experiment with { Model = open };
        int last = experiment.Model.ToList().FindLastIndex(RecurrentRewriting.IsRecurrent);
        if (last < 0 || experiment.Model.Skip(last).Any(AttentionRewriting.Attends)) return null;
        var block = new ResidualSpec { Layers = [new AttentionSpec { Heads = 1, Causal = true }] };
        return experiment with
        {
            Model = new ValueList<LayerSpec>(
                experiment.Model.SelectMany((layer, i) => i == last ? [layer, block] : new[] { layer })),
        };
    }
}
