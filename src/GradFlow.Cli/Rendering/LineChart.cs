using GradFlow.Report;
using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>Lines over two axes, drawn in dots, each named behind its end.</summary>
internal static class LineChart
{
    private const int Height = 11, MostTicks = 5, MarkPeriod = 6;
    private const char ForecastMark = '○';

    /// <summary>The chart.</summary>
    /// <param name="picture">What to draw.</param>
    /// <param name="width">Cells that it may be wide.</param>
    public static IRenderable Of(TourPicture picture, int width)
    {
        var y = AxisScale.Of(picture.Y, picture.Lines.SelectMany(line => line.Y).OfType<double>());
        var x = AxisScale.Of(picture.X, picture.Lines.SelectMany(line => line.X));
        var rows = y.Ticks(MostTicks).ToLookup(tick => RowOf(y, tick), y.Label);
        int gutter = rows.SelectMany(labels => labels).Max(label => label.Length);
        TourLine[] named = [.. picture.Lines.Where(line => !line.IsForecast)];
        int names = named.Max(line => Name(line).Length) + 1;
        var canvas = new BrailleCanvas(Math.Max(16, width - gutter - names - 2), Height);
        foreach (TourLine line in picture.Lines.Reverse()) Draw(canvas, line, x, y);
        TourLine?[] ends = EndsByRow(named, y);
        var text = new Paragraph();
        string dashed = picture.Lines.Any(line => line.IsForecast) ? $"; {ForecastMark} forecast" : "";
        text.Append($"{new string(' ', gutter)} {picture.Y.Name}{dashed}\n", Palette.Quiet);
        for (int row = 0; row < Height; row++)
        {
            string label = rows[row].FirstOrDefault() ?? "";
            text.Append(label.PadLeft(gutter) + (label.Length > 0 ? " ┤" : " │"), Palette.Quiet);
            canvas.WriteRow(row, text);
            if (ends[row] is { } line) text.Append(" " + Name(line), Palette.Of(line.Tone));
            text.Append("\n");
        }
        return text.Append(Foot(x, gutter, canvas.DotsAcross / 2, picture.X.Name), Palette.Quiet);
    }

    private static string Name(TourLine line) => line.Note is null ? line.Name : $"{line.Name}  {line.Note}";

    private static int RowOf(AxisScale scale, double value) =>
        Math.Clamp((int)Math.Round((1 - scale.Share(value)) * (Height * 4 - 1)) / 4, 0, Height - 1);

    private static void Draw(BrailleCanvas canvas, TourLine line, AxisScale x, AxisScale y)
    {
        Style style = line.IsForecast ? Palette.Strong : Palette.Of(line.Tone);
        (int X, int Y)? last = null;
        bool isBroken = false;
        for (int i = 0; i < line.X.Count; i++)
        {
            if (line.Y[i] is not { } value || !double.IsFinite(value))
            {
                isBroken |= line.Y[i] is { } end && !double.IsNegativeInfinity(end);
                continue;
            }
            var point = (
                X: (int)Math.Round(x.Share(line.X[i]) * (canvas.DotsAcross - 1)),
                Y: (int)Math.Round((1 - y.Share(value)) * (canvas.DotsDown - 1)));
            Connect(last ?? point, point, (x, y) =>
            {
                if (!line.IsForecast) canvas.Dot(x, y, style);
                // Over the dots of what was measured, which a second line of dots would be lost in.
                else if (x % (2 * MarkPeriod) == MarkPeriod) canvas.Mark(x, y, ForecastMark, style);
            });
            last = point;
        }
        if (isBroken && last is { } stop) canvas.Mark(stop.X + 2, stop.Y, '×', style.Combine(Palette.Strong));
    }

    private static void Connect((int X, int Y) from, (int X, int Y) to, Action<int, int> draw)
    {
        int length = Math.Max(1, Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y)));
        for (int i = 0; i <= length; i++)
            draw(from.X + (to.X - from.X) * i / length, from.Y + (to.Y - from.Y) * i / length);
    }

    /// <summary>Which line is named on which row: that of its end, or the nearest that is free.</summary>
    private static TourLine?[] EndsByRow(IEnumerable<TourLine> lines, AxisScale y)
    {
        var ends = new TourLine?[Height];
        foreach (TourLine line in lines.OrderByDescending(End))
        {
            int row = RowOf(y, Math.Clamp(End(line), y.From, y.To));
            var rows = Enumerable.Range(0, Height).OrderBy(at => Math.Abs(at - row));
            int[] free = [.. rows.Where(at => ends[at] is null)];
            if (free.Length > 0) ends[free[0]] = line;
        }
        return ends;
    }

    private static double End(TourLine line) =>
        line.Y.OfType<double>().Where(double.IsFinite).DefaultIfEmpty(double.MinValue).Last();

    private static string Foot(AxisScale x, int gutter, int cells, string name)
    {
        char[] ticks = new string(' ', cells + 1).ToCharArray();
        string last = x.Label(x.To);
        x.Label(x.From).CopyTo(0, ticks, 0, Math.Min(ticks.Length, x.Label(x.From).Length));
        last.CopyTo(0, ticks, ticks.Length - last.Length, last.Length);
        string middle = ticks.Length > name.Length + last.Length + 6 ? name : "";
        middle.CopyTo(0, ticks, (ticks.Length - middle.Length) / 2, middle.Length);
        string indent = new(' ', gutter + 1);
        return $"{indent}└{new string('─', cells)}\n{indent}{new string(ticks)}"
            + (middle.Length == 0 ? $"\n{indent}{name}" : "");
    }
}
