using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Leaky units in place of plain recurrent ones, with time constants from 1 to as many steps as the task needs (El Hihi
/// &amp; Bengio 1996; Jaeger et al. 2007). Units that have such constants, those of a linear recurrent unit among them,
/// get longer ones.
/// </summary>
public sealed class LeakyUnits() : Remedy("leaky-units", ForkKind.Restart)
{
    /// <summary>The longest time constant where nothing is known of the task, in time steps.</summary>
    private const double UsualLongest = 20;

    private protected override Experiment? Change(Experiment experiment)
    {
        double longest = RecurrentRewriting.NeededLag(experiment) ?? UsualLongest;
        return RecurrentRewriting.Map(experiment, layer => layer switch
        {
            RnnSpec { Activation: not RecurrentActivation.ModRelu } rnn => Leaky(rnn, rnn.Activation, longest),
            LeakyRnnSpec leaky when (leaky.Longest ?? leaky.TimeConstant) < longest => leaky with { Longest = longest },
            // A complex number that fades by 1/e in τ steps has the size e^(−1/τ).
            LruSpec lru when lru.OuterRadius < Math.Exp(-1 / longest) => lru with
            {
                OuterRadius = Math.Round(Math.Exp(-1 / longest), 6),
            },
            _ => layer,
        });
    }

    private static LeakyRnnSpec Leaky(RecurrentSpec layer, RecurrentActivation activation, double longest) => new()
    {
        Out = layer.Out,
        Init = layer.Init,
        RecurrentInit = layer.RecurrentInit,
        Bias = layer.Bias,
        Bidirectional = layer.Bidirectional,
        Activation = activation,
        TimeConstant = 1,
        Longest = Math.Max(1, longest),
    };
}
