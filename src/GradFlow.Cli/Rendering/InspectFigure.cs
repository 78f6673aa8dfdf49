using GradFlow.Runs;
using Spectre.Console;

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
        if (rows.Count > 0 && !isThroughTime)
        {
            figure.Add(
                "Where the gradient will go", "decades per link, from the input to the loss",
                DecayChart.Of(rows, figure.Width));
        }
        console.WriteLine();
    }

    private static long Parameters(RunHeader header) =>
        header.Structure.Parameters.Sum(parameter => parameter.Shape.Aggregate(1L, (size, n) => size * n));
}
