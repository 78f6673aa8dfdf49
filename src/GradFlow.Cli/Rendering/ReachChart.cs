using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>How far back windows of attention see behind each layer, beside what is needed, as bars.</summary>
internal static class ReachChart
{
    private const int MostLayers = 12;
    private const int WidestBar = 32;

    /// <summary>The chart.</summary>
    /// <param name="reach">What they reach, and what they should.</param>
    /// <param name="width">Cells that it may be wide.</param>
    public static IRenderable Of(ShortReach reach, int width)
    {
        int bar = Math.Clamp(width - 40, 8, WidestBar);
        Grid grid = Figure.Columns(Justify.Left, Justify.Right, Justify.Left);
        foreach ((string name, int steps) in Behind(reach)) AddRow(name, steps, Palette.Bad);
        AddRow(reach.IsNeedKnown ? "the answer needs" : "a sequence's start", reach.Needed, Palette.Accent);
        return grid;

        void AddRow(string name, int steps, Style style) => grid.AddRow(
            new Text(name), new Text(Numbers.Count(steps)), new Text(Bar.Of((double)steps / reach.Needed, bar), style));
    }

    /// <summary>
    /// What has been seen behind each layer; of very many, and where others add to it, behind the last.
    /// </summary>
    private static IEnumerable<(string Name, int Steps)> Behind(ShortReach reach)
    {
        if (reach.HasKernels) return [("behind all layers", reach.Reach)];
        if (reach.Layers.Count > MostLayers || reach.Layers.Any(layer => layer.Reach is null))
            return [($"behind {Numbers.Of(reach.Layers.Count, "layer")}", reach.Reach)];
        int seen = 0;
        return [.. reach.Layers.Select(layer => ($"behind {layer.Name}", seen += layer.Reach!.Value))];
    }
}
