using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What <c>inspect</c> shows.</summary>
internal static class InspectFigure
{
    /// <summary>Shows it.</summary>
    /// <param name="console">Where.</param>
    /// <param name="header">What is known before the first step.</param>
    /// <param name="forecast">The forecast.</param>
    public static void Write(IAnsiConsole console, RunHeader header, Forecast forecast)
    {
        var figure = new Figure(console);
        figure.AddTitle(header.Name, [.. RunNotes.Of(header), Numbers.Of(Parameters(header), "parameter")]);
        Style style = forecast.Expectation switch
        {
            "vanishes" or "explodes" => Palette.Bad,
            "flows" => Palette.Good,
            _ => Palette.Quiet,
        };
        figure.AddSentence(style, "", forecast.Sentence);
        if (ForecastTable.SaysAnything(forecast))
            figure.Add("Forecast", null, ForecastTable.Of(forecast, header.Structure.Depth));
        FlowSections.AddExpected(figure, header, forecast);
        IReadOnlyList<DecayRow> rows = DecayChart.Rows(header.Structure, forecast);
        bool isThroughTime = header.Structure.Recurrences is { Count: > 0 } && header.Structure.Depth <= 2;
        if (rows.Count > 0 && !isThroughTime) AddParts(figure, rows, header.Structure, forecast);
        console.WriteLine();
    }

    private static void AddParts(
        Figure figure, IReadOnlyList<DecayRow> rows, RunStructure structure, Forecast forecast)
    {
        bool isWhole = forecast.TotalDecades is not null;
        string which = isWhole ? "decades per link" : "decades per covered part";
        IRenderable chart = DecayChart.Of(rows, figure.Width, isWhole);
        if (DecayChart.SilentBranches(structure, forecast).Count is > 0 and var silent)
        {
            string leftOut = silent == 1
                ? "a branch that passes no gradient at first; its skip passes all."
                : $"{Numbers.Count(silent)} branches that pass no gradient at first; their skips pass all.";
            chart = new Rows(chart, new Text($"Left out: {leftOut}", Palette.Quiet));
        }
        figure.Add("Where the gradient will go", $"{which}, from the input to the loss", chart);
    }

    private static long Parameters(RunHeader header) =>
        header.Structure.Parameters.Sum(parameter => parameter.Shape.Aggregate(1L, (size, n) => size * n));
}
