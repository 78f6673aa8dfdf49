using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>The gradient scaled down to norm 1 where it is longer (Pascanu, Mikolov &amp; Bengio 2013).</summary>
public sealed class ClipNorm() : Remedy("clip-norm", ForkKind.Continue)
{
    private protected override Experiment? Change(Experiment experiment) =>
        experiment.Training.Clip is ClipNormSpec { Max: <= 1 }
        ? null
        : experiment with { Training = experiment.Training with { Clip = new ClipNormSpec { Max = 1 } } };
}
