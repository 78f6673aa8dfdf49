using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// A reservoir in place of the recurrent layers (Jaeger 2001): its random weights aren't trained, so that no
/// gradient has to come back through time. Four times as many units make up for what it doesn't learn. A reservoir that
/// is there already gets the radius that leaves a tenth over the steps that the task needs, as a new one does.
/// </summary>
public sealed class EchoStateLayers() : Remedy("echo-state", ForkKind.Restart)
{
    private const int Widening = 4, MostUnits = 500;

    private protected override Experiment? Change(Experiment experiment)
    {
        int first = experiment.Model.ToList().FindIndex(RecurrentRewriting.IsRecurrent);
        if (first < 0) return new LengthenReservoir().Apply(experiment);
        int units = RecurrentRewriting.UnitsOf(experiment.Model[first]);
        int wide = Math.Max(units, Math.Min(Widening * units, MostUnits));
        double radius = RecurrentRewriting.ReservoirRadius(experiment);
        var reservoir = new EchoStateSpec { Out = wide, SpectralRadius = radius };
        return experiment with
        {
            Model = new ValueList<LayerSpec>(experiment.Model.SelectMany((layer, i) =>
                i == first ? [reservoir] : RecurrentRewriting.IsRecurrent(layer) ? [] : new[] { layer })),
            Training = experiment.Training with { Truncate = null },
        };
    }
}
