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
        if (run.Forecast is { } forecast)
            figure.Add("Forecast", null, ForecastTable.Of(forecast, run.Header.Structure.Depth));
        if (diagnosis.Attribution.Count > 0)
        {
            figure.Add(
                "Where the gradient goes", "decades per link, from the input to the loss",
                DecayChart.Of(DecayChart.Rows(diagnosis.Attribution), figure.Width));
        }
        console.WriteLine();
    }
}
