using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// LSTM layers in place of other recurrent ones, with forget gates that start open for as long as the task needs
/// (Hochreiter &amp; Schmidhuber 1997; Gers et al. 2000).
/// </summary>
public sealed class LstmLayers() : Remedy("lstm", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) => RecurrentRewriting.WithGatedLayers(
        experiment, (units, bias) => new LstmSpec { Out = units, ForgetBias = bias });
}
