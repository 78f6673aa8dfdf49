using GradFlow.Experiments;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What was changed in the experiment, line by line.</summary>
internal static class ChangeDiff
{
    private const int Context = 1;

    /// <summary>The changed lines, with a line around them.</summary>
    public static IRenderable Of(IReadOnlyList<DiffLine> lines)
    {
        // What is too long for a line goes on below itself, not below the mark.
        Grid grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(1))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        int last = -1;
        for (int i = 0; i < lines.Count; i++)
        {
            if (!IsNearChange(lines, i)) continue;
            if (last >= 0 && i > last + 1) grid.AddRow(Text.Empty, new Text("⋯", Palette.Quiet));
            (string mark, Style style) = lines[i].Change switch
            {
                LineChange.Removed => ("−", Palette.Bad),
                LineChange.Added => ("+", Palette.Good),
                _ => ("", Palette.Quiet),
            };
            grid.AddRow(new Text(mark, style), new Text(lines[i].Text, style));
            last = i;
        }
        return grid;
    }

    private static bool IsNearChange(IReadOnlyList<DiffLine> lines, int at)
    {
        int first = Math.Max(0, at - Context);
        return lines.Skip(first).Take(at + Context + 1 - first).Any(line => line.Change != LineChange.Same);
    }
}
