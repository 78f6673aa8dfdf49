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
        var text = new Paragraph();
        int last = -1;
        for (int i = 0; i < lines.Count; i++)
        {
            if (!IsNearChange(lines, i)) continue;
            if (last >= 0) text.Append("\n");
            if (last >= 0 && i > last + 1) text.Append("  ⋯\n", Palette.Quiet);
            (string mark, Style style) = lines[i].Change switch
            {
                LineChange.Removed => ("− ", Palette.Bad),
                LineChange.Added => ("+ ", Palette.Good),
                _ => ("  ", Palette.Quiet),
            };
            text.Append(mark + lines[i].Text, style);
            last = i;
        }
        return text;
    }

    private static bool IsNearChange(IReadOnlyList<DiffLine> lines, int at)
    {
        int first = Math.Max(0, at - Context);
        return lines.Skip(first).Take(at + Context + 1 - first).Any(line => line.Change != LineChange.Same);
    }
}
