using GradFlow.Runs;

namespace GradFlow.KillTarget;

/// <summary>
/// The records of a run that never ends, each given by its number, so that any prefix can be checked.
/// </summary>
public static class EndlessRun
{
    private const int Rows = 40;

    /// <summary>Steps between two frames.</summary>
    public const int FrameInterval = 10;

    /// <summary>The run's header.</summary>
    public static RunHeader Header { get; } = new(
        "endless", 7, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "kill target",
        new TrainingPlan(0, 100, 8, "mse", "sgd", 0.1, null, null, null),
        new RunStructure(
            [.. Enumerable.Range(0, Rows).Select(i => new CutInfo($"linear-{i}", "linear", i + 1, true))],
            [.. Enumerable.Range(1, Rows - 1).Select(
                i => new LinkInfo($"linear-{i}", "linear", LinkKind.Weights, i + 1))],
            [], [], []));

    /// <summary>A step of the run.</summary>
    /// <param name="step">Its number, from 0.</param>
    public static StepRecord Step(int step) => new(
        step, step / 100, step % 7 == 0 ? double.NaN : 1.0 / (step + 1), step % 3 == 0 ? null : step, 0.1, step * 0.5,
        null, null);

    /// <summary>A frame of the run.</summary>
    /// <param name="step">The step it belongs to.</param>
    public static Frame Frame(int step) => new(
        step,
        [.. Enumerable.Range(0, Rows).Select(i => i % 5 == 0 ? null : (double?)(-step - i * 0.25))],
        null, null, null, 1.0 / (step + 1));
}
