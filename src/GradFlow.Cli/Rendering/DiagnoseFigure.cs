using GradFlow.Runs;
using Spectre.Console;

namespace GradFlow.Cli.Rendering;

/// <summary>What <c>diagnose</c> shows.</summary>
internal static class DiagnoseFigure
{
    /// <summary>Shows it.</summary>
    /// <param name="console">Where.</param>
    /// <param name="run">The run.</param>
    /// <param name="diagnosis">What it was found to have.</param>
    public static void Write(IAnsiConsole console, Run run, DiagnosisResult diagnosis)
    {
        var figure = new Figure(console);
        figure.AddTitle(run.Header.Name, RunNotes.Of(run));
        figure.AddVerdict(diagnosis.Verdict);
        if (diagnosis.Findings.Count > 0) figure.Add("Findings", null, FindingList.Full(diagnosis.Findings));
        if (run.Forecast is { } forecast && ForecastTable.SaysAnything(forecast))
            figure.Add("Forecast", null, ForecastTable.Of(forecast, run.Header.Structure.Depth));
        FlowSections.Add(figure, run, diagnosis);
        if (Unrecorded.IsForeign(run.Header) && Unrecorded.Of(run, diagnosis) is { Count: > 0 } lines)
            figure.Add("Not recorded", "and what this leaves open", Unrecorded.Table(lines));
        console.WriteLine();
    }
}
