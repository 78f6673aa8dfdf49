using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>
/// The same recurrent weights without the non-linearity between states: what decay is left is not its own.
/// </summary>
internal sealed class TakeOffSlopes()
    : Intervention(CauseIds.Activation, "took the non-linearity between the states off, weights unchanged")
{
    public override Experiment? Apply(Experiment experiment) => RecurrentRewriting.Map(
        experiment, layer => layer is RnnSpec rnn ? rnn with { Activation = RecurrentActivation.Identity } : layer);
}
