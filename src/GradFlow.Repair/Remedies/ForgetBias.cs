using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Gates that start by keeping the state for as long as the task needs, the forget gates of LSTM layers and the update
/// gates of GRU layers (Gers et al. 2000; Tallec &amp; Ollivier 2018); those that keep more stay.
/// </summary>
public sealed class ForgetBias() : Remedy("forget-bias", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        double bias = RecurrentRewriting.GateBias(experiment);
        return RecurrentRewriting.Map(experiment, layer => layer switch
        {
            LstmSpec { Bias: not null } lstm when !(lstm.ForgetBias >= bias) => lstm with { ForgetBias = bias },
            GruSpec { Bias: not null } gru when !(gru.UpdateBias >= bias) => gru with { UpdateBias = bias },
            _ => layer,
        });
    }
}
