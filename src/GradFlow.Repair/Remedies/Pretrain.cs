using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Half of the training goes into predicting the next input, at every time step and without labels; what is asked at
/// the end of sequences is learned in the other half (Dai &amp; Le 2015; Radford et al. 2018).
/// </summary>
public sealed class Pretrain() : Remedy("pretrain", ForkKind.Restart)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        TrainingSpec training = experiment.Training;
        if (training.Pretrain is not null || !PretrainSpec.Suits(experiment.Model)) return null;
        (int? steps, int? epochs) = (training.Steps / 2, training.Epochs / 2);
        if ((steps ?? epochs) is not > 0) return null;
        return experiment with
        {
            Training = training with
            {
                Steps = training.Steps - steps,
                Epochs = training.Epochs - epochs,
                WarmUp = Math.Min(training.WarmUp, training.Steps - steps ?? training.WarmUp),
                Pretrain = new PretrainSpec { Steps = steps, Epochs = epochs },
            },
        };
    }
}
