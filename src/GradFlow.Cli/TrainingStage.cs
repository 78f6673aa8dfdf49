using GradFlow.Experiments;
using GradFlow.Repair;

namespace GradFlow.Cli;

/// <summary>Tells a training's progress as the progress of a stage.</summary>
/// <param name="progress">Whom to tell.</param>
/// <param name="steps">Steps to take.</param>
internal sealed class TrainingStage(IProgress<DoctorProgress> progress, int steps) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value) =>
        progress.Report((value.IsPretraining
            ? new DoctorProgress("pre-training", "pre-training", (double)value.Step / value.Steps)
            : new DoctorProgress("training", "training", (double)value.Step / steps)) with
        { Loss = value.Loss });
}
