using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Each entry of the gradient cut to a tenth in magnitude (Mikolov 2012, whose bound was 15).</summary>
public sealed class ClipValue() : Remedy("clip-value", ForkKind.Continue)
{
    private const double Bound = 0.1;

    private protected override Experiment? Change(Experiment experiment) =>
        experiment.Training.Clip is ClipValueSpec { Max: <= Bound }
            ? null
            : experiment with { Training = experiment.Training with { Clip = new ClipValueSpec { Max = Bound } } };
}
