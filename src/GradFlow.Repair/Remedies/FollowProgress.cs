using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// A rate that is halved whenever the training loss stops falling, looked at thirty times in a training given in steps,
/// and every twenty steps in one given in epochs: what is too large comes down by itself to where the net learns.
/// </summary>
public sealed class FollowProgress() : Remedy("schedule", ForkKind.Continue)
{
    private const int Looks = 30, DefaultEvery = 20;

    private protected override Experiment? Change(Experiment experiment)
    {
        if (experiment.Training.Schedule is not ConstantScheduleSpec) return null;
        var schedule = new OnPlateauScheduleSpec
        {
            Of = Progress.TrainingLoss,
            Every = experiment.Training.Steps is { } steps ? Math.Max(1, steps / Looks) : DefaultEvery,
            Factor = 0.5,
            Patience = 1,
        };
        return experiment with { Training = experiment.Training with { Schedule = schedule } };
    }
}
