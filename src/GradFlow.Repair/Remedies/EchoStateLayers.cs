using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// A reservoir in place of the first recurrent layer (Jaeger 2001): its random weights aren't trained, so that no
/// gradient has to come back through time. Four times as many units make up for what it doesn't learn.
/// </summary>
public sealed class EchoStateLayers() : Remedy("echo-state", ForkKind.Restart)
{
    private const int Widening = 4, MostUnits = 500;

    private protected override Experiment? Change(Experiment experiment)
    {
        int at = experiment.Model.ToList().FindIndex(RecurrentRewriting.IsRecurrent);
        if (at < 0) return null;
        int units = RecurrentRewriting.UnitsOf(experiment.Model[at]);
        int wide = Math.Max(units, Math.Min(Widening * units, MostUnits));
        var reservoir = new EchoStateSpec { Out = wide, SpectralRadius = 0.95 };
        return experiment with
        {
            Model = new ValueList<LayerSpec>(experiment.Model.Select((layer, i) => i == at ? reservoir : layer)),
            Training = experiment.Training with { Truncate = null },
        };
    }
}
