using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Plain recurrent layers as IRNN: ReLU, recurrent weights that start as the identity, small input weights, biases at
/// 0, so that a state and its gradient start by staying as they are (Le, Jaitly &amp; Hinton 2015).
/// </summary>
public sealed class IdentityInit() : Remedy("identity-init", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment) => RecurrentRewriting.Map(
        experiment, layer => layer is RnnSpec rnn ? new IrnnSpec { Out = rnn.Out } : layer);
}
