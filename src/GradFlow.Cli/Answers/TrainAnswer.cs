using GradFlow.Runs;

namespace GradFlow.Cli.Answers;

/// <summary>What <c>train --json</c> prints.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="End"><c>completed</c>, <c>early-stop</c>, <c>non-finite</c> or <c>interrupted</c>.</param>
/// <param name="Outcome">What the training came to.</param>
/// <param name="Forecast">What theory expected, and what was measured.</param>
/// <param name="NonFinite">Where the first non-finite number came from; null if all was finite.</param>
/// <param name="Run">The run folder.</param>
internal sealed record TrainAnswer(
    string Experiment, string? End, Outcome Outcome, Forecast? Forecast, NonFiniteOrigin? NonFinite, string Run)
{
    /// <summary>The answer that a run gives.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">Its folder.</param>
    public static TrainAnswer Of(Run run, string path) =>
        new(run.Header.Name, run.End?.Reason, Outcome.Of(run), run.Forecast, run.NonFinite, path);
}
