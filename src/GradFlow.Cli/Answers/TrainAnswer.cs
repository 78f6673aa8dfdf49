using GradFlow.Runs;

namespace GradFlow.Cli.Answers;

/// <summary>What <c>train --json</c> prints.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="End"><c>completed</c>, <c>early-stop</c>, <c>non-finite</c> or <c>interrupted</c>.</param>
/// <param name="Outcome">What the training came to.</param>
/// <param name="TrainingLoss">
/// Mean of what was minimised over the last <see cref="LastSteps"/> steps, or all where there are fewer; null without a
/// step.
/// </param>
/// <param name="BaselineLoss">
/// Loss of the best constant prediction, as the run's header has it; null if unknown.
/// </param>
/// <param name="First">The layers at the first closely watched step; null without one.</param>
/// <param name="Last">The layers at the last.</param>
/// <param name="Forecast">What theory expected, and what was measured.</param>
/// <param name="NonFinite">Where the first non-finite number came from; null if all was finite.</param>
/// <param name="Run">The run folder.</param>
internal sealed record TrainAnswer(
    string Experiment,
    string? End,
    Outcome Outcome,
    double? TrainingLoss,
    double? BaselineLoss,
    FrameAnswer? First,
    FrameAnswer? Last,
    Forecast? Forecast,
    NonFiniteOrigin? NonFinite,
    string Run)
{
    /// <summary>How many steps the training loss is the mean of: enough that single batches don't show.</summary>
    public const int LastSteps = 100;

    /// <summary>The answer that a run gives.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">Its folder.</param>
    public static TrainAnswer Of(Run run, string path) => new(
        run.Header.Name,
        run.End?.Reason,
        Outcome.Of(run),
        run.Steps.Count == 0 ? null : run.Steps.TakeLast(LastSteps).Average(step => step.Loss),
        run.Header.Plan.BaselineLoss,
        FrameAnswer.Of(run.Header.Structure, run.Frames.FirstOrDefault()),
        FrameAnswer.Of(run.Header.Structure, run.Frames.LastOrDefault()),
        run.Forecast,
        run.NonFinite,
        path);
}
