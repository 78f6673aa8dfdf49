using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>Shares steps between a training and the pre-training before it, in proportion to what each plans.</summary>
internal static class Phases
{
    /// <summary>Each one's steps; all are the training's where nothing lies before it.</summary>
    /// <param name="trainer">The training, at its start or where it goes on.</param>
    /// <param name="steps">Steps in all: what is tried takes no more than its control.</param>
    public static (int Before, int Steps) Of(Trainer trainer, int steps)
    {
        double share = (double)trainer.PretrainingSteps / Math.Max(1, trainer.PretrainingSteps + trainer.PlannedSteps);
        int before = (int)Math.Round(share * steps);
        return (before, steps - before);
    }
}
