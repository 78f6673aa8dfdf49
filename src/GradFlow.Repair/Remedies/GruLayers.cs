using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// GRU layers in place of other recurrent ones (Cho et al. 2014), with update gates that start by keeping the state for
/// as long as the task needs (Tallec &amp; Ollivier 2018).
/// </summary>
public sealed class GruLayers() : Remedy("gru", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        double bias = RecurrentRewriting.GateBias(experiment);
        return RecurrentRewriting.Map(experiment, layer => layer switch
        {
            GruSpec => layer,
            RecurrentSpec recurrent => new GruSpec { Out = recurrent.Out, UpdateBias = bias },
            IrnnSpec irnn => new GruSpec { Out = irnn.Out, UpdateBias = bias },
            _ => layer,
        });
    }
}
