using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// GRU layers in place of other recurrent ones (Cho et al. 2014), with update gates that start by keeping the state for
/// as long as the task needs (Tallec &amp; Ollivier 2018).
/// </summary>
public sealed class GruLayers() : Remedy("gru", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) => RecurrentRewriting.WithGatedLayers(
        experiment, (units, bias) => new GruSpec { Out = units, UpdateBias = bias });
}
