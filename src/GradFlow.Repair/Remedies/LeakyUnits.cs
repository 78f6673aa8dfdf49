using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Leaky units in place of plain recurrent ones, with time constants from 1 to as many steps as the task needs (El Hihi
/// &amp; Bengio 1996; Jaeger et al. 2007). Units that have such constants, those of a linear recurrent unit among them,
/// get longer ones.
/// </summary>
public sealed class LeakyUnits() : Remedy("leaky-units", ForkKind.Restart)
{
    /// <summary>
    /// How much shorter a linear recurrent unit's shortest time constant is: numbers drawn from the whole disc would
    /// nearly all fade long before.
    /// </summary>
    private const double Spread = 10;

    private protected override Experiment? Change(Experiment experiment)
    {
        double longest = RecurrentRewriting.LongestTimeConstant(experiment);
        return RecurrentRewriting.Map(experiment, layer => layer switch
        {
            RnnSpec { Activation: not RecurrentActivation.ModRelu } rnn => Leaky(rnn, rnn.Activation, longest),
            LeakyRnnSpec leaky when (leaky.Longest ?? leaky.TimeConstant) < longest => leaky with { Longest = longest },
            LruSpec lru when lru.OuterRadius < RecurrentRewriting.RadiusOf(longest) => lru with
            {
                InnerRadius = Math.Max(lru.InnerRadius, RecurrentRewriting.RadiusOf(longest / Spread)),
                OuterRadius = RecurrentRewriting.RadiusOf(longest),
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
        Longest = longest,
    };
}
