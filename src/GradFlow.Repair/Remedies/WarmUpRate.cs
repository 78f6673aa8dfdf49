using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// A rate that rises linearly over the first tenth of the steps (Goyal et al. 2017), or over the first 200 where the
/// training is given in epochs.
/// </summary>
public sealed class WarmUpRate() : Remedy("warm-up", ForkKind.Restart)
{
    private const int DefaultSteps = 200;

    private protected override Experiment? Change(Experiment experiment)
    {
        if (experiment.Training.WarmUp > 0) return null;
        int steps = experiment.Training.Steps is { } planned ? Math.Max(1, planned / 10) : DefaultSteps;
        return experiment with { Training = experiment.Training with { WarmUp = steps } };
    }
}
