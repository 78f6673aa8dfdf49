using GradFlow.Runs;

namespace GradFlow.Cli.Answers;

/// <summary>What <c>doctor --json</c> prints, and <c>diagnose --json</c> as far as it is known.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Verdict">The verdict on the training as given; null where it was stopped before one was made.</param>
/// <param name="Findings">What the rules found, gravest first.</param>
/// <param name="Attribution">
/// The gradient's decay in decades, link by link; behind them what parts of recurrent layers do through time.
/// </param>
/// <param name="Forecast">What theory expected, and what was measured.</param>
/// <param name="ThroughTime">The way back through time in each recurrent layer; null where there is none.</param>
/// <param name="Repair">What was tried and kept; null if nothing was.</param>
/// <param name="Run">The run's path.</param>
/// <param name="Report">The page's path; null if there is none.</param>
internal sealed record DoctorAnswer(
    string Experiment,
    VerdictKind? Verdict,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<AttributionAnswer> Attribution,
    Forecast? Forecast,
    IReadOnlyList<TimeAnswer>? ThroughTime,
    RepairAnswer? Repair,
    string Run,
    string? Report)
{
    /// <summary>The answer that a run gives.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">Its path.</param>
    /// <param name="report">The page's path; null if there is none.</param>
    public static DoctorAnswer Of(Run run, string path, string? report) => new(
        run.Header.Name,
        run.Diagnosis?.Verdict.Kind,
        run.Diagnosis?.Findings ?? [],
        [.. (run.Diagnosis?.Attribution ?? []).Select(AttributionAnswer.Of)],
        run.Forecast,
        TimeAnswer.Of(run),
        run.Repair is { } repair ? RepairAnswer.Of(repair, path) : null,
        path,
        report);
}

/// <summary>One link's share of the decay.</summary>
/// <param name="Link">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Decades">log10 of what it does to the gradient's norm.</param>
/// <param name="Block">
/// The block that it is part of, or the recurrent layer whose way back through time it is a share of; null for neither.
/// </param>
internal sealed record AttributionAnswer(string Link, LinkKind Kind, double Decades, string? Block)
{
    /// <summary>The answer that an entry gives.</summary>
    public static AttributionAnswer Of(AttributionEntry entry) =>
        new(entry.Link, entry.Kind, entry.Decades, entry.Block);
}

/// <summary>What was tried, what was kept, and what it did.</summary>
/// <param name="Status"><c>repaired</c>, <c>not-needed</c> or <c>failed</c>.</param>
/// <param name="Chosen">The remedies kept.</param>
/// <param name="ChosenTrial">The name of the trials of what was kept; null unless repaired.</param>
/// <param name="Before">The training as given.</param>
/// <param name="After">The training with them; null unless one was verified.</param>
/// <param name="Trials">Every fork, best first.</param>
/// <param name="File">The repaired experiment file's path; null unless repaired.</param>
/// <param name="Cost">What it cost.</param>
/// <param name="Sentence">The result in plain words.</param>
internal sealed record RepairAnswer(
    string Status,
    IReadOnlyList<string> Chosen,
    string? ChosenTrial,
    Outcome Before,
    Outcome? After,
    IReadOnlyList<TrialAnswer> Trials,
    string? File,
    RepairCost Cost,
    string Sentence)
{
    /// <summary>The answer that a repair gives.</summary>
    /// <param name="repair">The repair.</param>
    /// <param name="folder">The run folder that its file lies in.</param>
    public static RepairAnswer Of(RepairResult repair, string folder) => new(
        repair.Status,
        repair.Chosen,
        repair.ChosenTrial,
        repair.Before,
        repair.After,
        [.. repair.Trials.Select(TrialAnswer.Of)],
        repair.File is null ? null : Path.Combine(folder, repair.File),
        repair.Cost,
        repair.Sentence);
}

/// <summary>One fork.</summary>
/// <param name="Remedy">Its remedies, or <c>control</c>.</param>
/// <param name="Kind"><c>continue</c> or <c>restart</c>.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Loss">Validation loss at its end.</param>
/// <param name="Metric">Validation metric at its end; null if there is none.</param>
internal sealed record TrialAnswer(string Remedy, string Kind, long Seed, double Loss, double? Metric)
{
    /// <summary>The answer that a fork gives.</summary>
    public static TrialAnswer Of(Trial trial) => new(trial.Remedy, trial.Kind, trial.Seed, trial.Loss, trial.Metric);
}
