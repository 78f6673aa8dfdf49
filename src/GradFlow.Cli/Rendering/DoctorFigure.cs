using GradFlow.Experiments;
using GradFlow.Runs;
using Spectre.Console;

namespace GradFlow.Cli.Rendering;

/// <summary>What <c>doctor</c> shows.</summary>
internal static class DoctorFigure
{
    /// <summary>Shows it.</summary>
    /// <param name="console">Where.</param>
    /// <param name="run">The training as given, with diagnosis and repair.</param>
    /// <param name="changes">The experiment as given and as repaired, line by line; empty if it wasn't.</param>
    /// <param name="folder">Where everything lies.</param>
    public static void Write(IAnsiConsole console, Run run, IReadOnlyList<DiffLine> changes, RunFolder folder)
    {
        var figure = new Figure(console);
        figure.AddTitle(run.Header.Name, RunNotes.Of(run));
        if (run.Diagnosis is { } diagnosis) figure.AddVerdict(diagnosis.Verdict);
        if (run.End?.Reason == "interrupted")
            figure.AddSentence(Palette.Warning, "Stopped. ", "What was recorded until then is kept.");
        if (run.End is { Reason: "early-stop" } end)
            figure.AddSentence(Palette.Warning, EarlyStop.Word, EarlyStop.InWords(end));
        if (run.Forecast is { } forecast && ForecastTable.SaysAnything(forecast))
            figure.Add("Forecast", null, ForecastTable.Of(forecast, run.Header.Structure.Depth));
        if (run.Diagnosis is { Verdict.Kind: not VerdictKind.Healthy } trouble) AddTrouble(figure, run, trouble);
        if (run.Repair is { } repair) AddRepair(figure, run, repair, changes);
        figure.AddPlaces([.. Places(run, folder)]);
    }

    private static void AddTrouble(Figure figure, Run run, DiagnosisResult diagnosis)
    {
        if (diagnosis.Findings.Count > 0) figure.Add("Findings", null, FindingList.Short(diagnosis.Findings));
        FlowSections.Add(figure, run, diagnosis);
    }

    private static void AddRepair(Figure figure, Run run, RepairResult repair, IReadOnlyList<DiffLine> changes)
    {
        string? metric = run.Header.Plan.MetricName;
        if (repair.Trials.Count > 0)
        {
            figure.Add(
                "Tried", "on short forks; medians over seeds", TrialTable.Of(repair, metric, figure.Width));
        }
        if (changes.Count > 0) figure.Add("Changed", null, ChangeDiff.Of(changes));
        string heading = repair.After is null ? "Result" : "Before and after";
        figure.Add(heading, Cost(repair.Cost), OutcomeTable.Of(repair.Before, repair.After, metric));
        // The verdict may have scrolled away by now, so what it came to ends the figure.
        if (repair.Status != "not-needed")
            figure.AddSentence(repair.Status == "repaired" ? Palette.Good : Palette.Bad, "", repair.Sentence);
    }

    private static string? Cost(RepairCost cost) => cost.Steps == 0
        ? null
        : $"for {Numbers.Of(cost.Steps, "step")}, {Times(Numbers.Plain(cost.TimesOneTraining))} one full training";

    private static string Times(string number) => number == "1" ? "as much as" : $"{number} times";

    private static IEnumerable<(string, string)> Places(Run run, RunFolder folder)
    {
        yield return ("report", folder.Report);
        if (run.Repair is { File: { } file }) yield return ("repaired", Path.Combine(folder.Path, file));
        yield return ("run", folder.Path);
    }
}
