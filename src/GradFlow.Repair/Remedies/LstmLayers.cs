using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// LSTM layers in place of other recurrent ones, with forget gates that start open for as long as the task needs
/// (Hochreiter &amp; Schmidhuber 1997; Gers et al. 2000).
/// </summary>
public sealed class LstmLayers() : Remedy("lstm", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        double bias = RecurrentRewriting.GateBias(experiment);
        return RecurrentRewriting.Map(experiment, layer => layer switch
        {
            LstmSpec => layer,
            RecurrentSpec recurrent => new LstmSpec { Out = recurrent.Out, ForgetBias = bias },
            IrnnSpec irnn => new LstmSpec { Out = irnn.Out, ForgetBias = bias },
            _ => layer,
        });
    }
}
