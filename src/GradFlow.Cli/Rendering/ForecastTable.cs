using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What theory expects of the gradient, beside what was measured.</summary>
internal static class ForecastTable
{
    private const string TrainableDepth = "trainable depth";

    /// <summary>Whether there is a number to show.</summary>
    public static bool SaysAnything(Forecast forecast) =>
        (forecast.DecadesPerLayer ?? forecast.DecadesPerTimeStep ?? forecast.MeasuredDecadesPerLayer
            ?? forecast.MeasuredDecadesPerTimeStep) is not null;

    /// <summary>The table; without measurements, of the forecast alone.</summary>
    /// <param name="forecast">The forecast.</param>
    /// <param name="depth">The net's parametrised layers.</param>
    public static IRenderable Of(Forecast forecast, int depth)
    {
        bool isMeasured = (forecast.MeasuredDecadesPerLayer ?? forecast.MeasuredTotalDecades
            ?? forecast.MeasuredDecadesPerTimeStep) is not null;
        Grid grid = Figure.Columns(Justify.Left, Justify.Right, isMeasured ? Justify.Right : Justify.Left);
        if (isMeasured) grid.AddRow(Quiet("decades"), Quiet("forecast"), Quiet("measured"));
        // Wide enough for the name beneath the grid, too.
        grid.Columns[0].Width = TrainableDepth.Length;
        void Add(string name, double? expected, double? measured, Func<double?, string>? write = null)
        {
            if (expected is null && measured is null) return;
            write ??= Numbers.Decades;
            grid.AddRow(
                Quiet(name), new Text(write(expected)),
                isMeasured ? new Text(write(measured), Palette.Strong) : Quiet("decades"));
        }
        Add("per layer", forecast.DecadesPerLayer, forecast.MeasuredDecadesPerLayer);
        Add("over the net", forecast.TotalDecades, forecast.MeasuredTotalDecades);
        Add("per time step", forecast.DecadesPerTimeStep, forecast.MeasuredDecadesPerTimeStep, Numbers.PerStep);
        bool isThroughTime = (forecast.DecadesPerTimeStep ?? forecast.MeasuredDecadesPerTimeStep) is not null;
        // A net of a layer or two has no depth to speak of where its gradient travels through time.
        return !(isThroughTime && depth <= 2) && Depth(forecast.TrainableDepth) is { } trainable
            ? new Rows(grid, new Paragraph(TrainableDepth + "  ", Palette.Quiet)
                .Append(trainable).Append($"; the net has {Numbers.Count(depth)}", Palette.Quiet))
            : grid;
    }

    private static Text Quiet(string text) => new(text, Palette.Quiet);

    private static string? Depth(double? layers) => layers switch
    {
        null or double.NaN => null,
        > 1e6 => "any number of layers",
        _ => $"about {Numbers.Of((long)Math.Max(1, Math.Round(layers.Value)), "layer")}",
    };
}
