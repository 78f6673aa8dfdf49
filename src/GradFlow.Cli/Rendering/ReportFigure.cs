using GradFlow.Runs;
using Spectre.Console;

namespace GradFlow.Cli.Rendering;

/// <summary>What <c>report</c> shows.</summary>
internal static class ReportFigure
{
    /// <summary>Shows it.</summary>
    /// <param name="console">Where.</param>
    /// <param name="run">The run.</param>
    /// <param name="page">The page's path.</param>
    public static void Write(IAnsiConsole console, Run run, string page)
    {
        var figure = new Figure(console);
        figure.AddTitle(run.Header.Name, RunNotes.Of(run));
        if (run.Diagnosis is { } diagnosis) figure.AddVerdict(diagnosis.Verdict);
        figure.AddPlaces(("report", page));
    }
}
