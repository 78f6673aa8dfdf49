using System.Globalization;
using System.Net;
using System.Text;
using GradFlow.Runs;

namespace GradFlow.Report;

/// <summary>A tour's picture as a file of its own, for documents: SVG, light or dark as its reader's page.</summary>
public static class PictureFile
{
    private const int Width = 760, Height = 380, Left = 64, Right = 620, Top = 72, Bottom = 330;
    private const int LineHeight = 17, MostTicks = 6;

    private const string Style = """
        text { font: 13px -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif }
        text { fill: #6a6f77 }
        .title { font-size: 17px; font-weight: 600; fill: #1c1e21 }
        .name, .note { fill: var(--c) } .note { font-weight: 600 }
        .hair { stroke: #e4e0d9 } .foot { stroke: #c9c5bd }
        .line { fill: none; stroke: var(--c); stroke-width: 2.2; stroke-linejoin: round }
        .forecast { fill: none; stroke: #1c1e21; stroke-width: 1.2; stroke-dasharray: 4 4 }
        .vanishing { --c: #2f6cb0 } .exploding { --c: #cf4a12 } .flowing { --c: #4f7d68 } .clipping { --c: #7b3f98 }
        .activation { --c: #b87410 } .weights { --c: #5a68b8 } .skip { --c: #67812f } .normalization { --c: #248577 }
        .recurrence { --c: #a4479a }
        @media (prefers-color-scheme: dark) {
          text { fill: #94979b } .title { fill: #e9e7e2 } .name, .note { fill: var(--c) }
          .hair { stroke: #2c2f33 } .foot { stroke: #484b50 } .forecast { stroke: #e9e7e2 }
          .vanishing { --c: #6fa8e6 } .exploding { --c: #f08a4f } .flowing { --c: #84b89f } .clipping { --c: #c797e6 }
          .activation { --c: #e6ac4c } .weights { --c: #8d9bea } .skip { --c: #a6c160 } .normalization { --c: #52bfae }
          .recurrence { --c: #d180c8 }
        }
        """;

    /// <summary>Draws a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <returns>The SVG document.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="picture"/> is null.</exception>
    public static string Render(TourPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var x = AxisScale.Of(picture.X, picture.Lines.SelectMany(line => line.X));
        var y = AxisScale.Of(picture.Y, picture.Lines.SelectMany(line => line.Y).OfType<double>());
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" role="img"
                 aria-label="{Escape(picture.Title)}">
            <style>
            {Style}
            </style>

            """);
        AddAxes(svg, picture, x, y);
        foreach (TourLine line in picture.Lines.Reverse()) AddLine(svg, line, x, y);
        AddNames(svg, picture.Lines, y);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Writes every picture of a tour into a folder, each named by its id.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="tour">The tour.</param>
    /// <returns>The files' paths.</returns>
    /// <exception cref="IOException">A file can't be written.</exception>
    public static IReadOnlyList<string> WriteAll(string folder, Tour tour)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(tour);
        var files = new List<string>();
        foreach (TourPicture picture in tour.Stops.SelectMany(stop => stop.Pictures))
        {
            files.Add(Path.Combine(folder, picture.Id + ".svg"));
            PageFile.Write(files[^1], Render(picture));
        }
        return files;
    }

    private static void AddAxes(StringBuilder svg, TourPicture picture, AxisScale x, AxisScale y)
    {
        AddText(svg, "title", Left - 44, 26, picture.Title);
        string dashed = picture.Lines.Any(line => line.IsForecast) ? "; dashed: forecast before the first step" : "";
        AddText(svg, "axis", Left - 44, 52, picture.Y.Name + dashed);
        foreach (double tick in y.Ticks(MostTicks))
        {
            string at = Number(AtY(y, tick));
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"hair\" d=\"M{Left} {at}H{Right}\"/>\n");
            AddText(svg, "tick", Left - 8, AtY(y, tick) + 4, y.Label(tick), "end");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"foot\" d=\"M{Left} {Bottom}H{Right}\"/>\n");
        foreach (double tick in x.Ticks(MostTicks))
            AddText(svg, "tick", AtX(x, tick), Bottom + 18, x.Label(tick), "middle");
        AddText(svg, "axis", (Left + Right) / 2, Bottom + 40, picture.X.Name, "middle");
    }

    private static void AddLine(StringBuilder svg, TourLine line, AxisScale x, AxisScale y)
    {
        var path = new StringBuilder();
        bool isDown = false;
        for (int i = 0; i < line.X.Count; i++)
        {
            double value = line.Y[i] ?? double.NaN;
            if (double.IsFinite(value)) path.Append(isDown ? 'L' : 'M').Append(Point(x, line.X[i], y, value));
            isDown = double.IsFinite(value);
        }
        string kind = line.IsForecast ? "forecast" : "line";
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"{kind} {Tone(line)}\" d=\"{path}\"/>\n");
        int last = LastFinite(line);
        if (last < 0 || !line.Y.Skip(last + 1).Any(v => v is { } after && !double.IsNegativeInfinity(after))) return;
        string end = Point(x, line.X[last], y, line.Y[last]!.Value);
        svg.Append(CultureInfo.InvariantCulture,
            $"<path class=\"line {Tone(line)}\" d=\"M{end}m-5 -5l10 10m0 -10l-10 10\"/>\n");
    }

    /// <summary>Names stand behind the lines' ends, moved apart where they would lie on each other.</summary>
    private static void AddNames(StringBuilder svg, IReadOnlyList<TourLine> lines, AxisScale y)
    {
        double free = Top - LineHeight;
        var ends = lines.Where(line => !line.IsForecast && LastFinite(line) >= 0)
            .Select(line => (Line: line, At: AtY(y, line.Y[LastFinite(line)]!.Value) + 4))
            .OrderBy(end => end.At).ToList();
        double below = ends.Sum(end => Rows(end.Line)) * LineHeight;
        foreach ((TourLine line, double at) in ends)
        {
            // Low names move up as far as those below them need.
            double row = Math.Max(free + LineHeight, Math.Min(at, Bottom + LineHeight - below));
            AddText(svg, $"name {Tone(line)}", Right + 10, row, line.Name);
            if (line.Note is not null) AddText(svg, $"note {Tone(line)}", Right + 10, row + LineHeight, line.Note);
            free = row + (Rows(line) - 1) * LineHeight;
            below -= Rows(line) * LineHeight;
        }
    }

    private static int Rows(TourLine line) => line.Note is null ? 1 : 2;

    private static int LastFinite(TourLine line) =>
        Enumerable.Range(0, line.Y.Count).LastOrDefault(i => line.Y[i] is { } value && double.IsFinite(value), -1);

    private static double AtX(AxisScale scale, double value) => Left + scale.Share(value) * (Right - Left);

    private static double AtY(AxisScale scale, double value) =>
        Math.Max(Top, Bottom - scale.Share(value) * (Bottom - Top));

    private static string Point(AxisScale x, double across, AxisScale y, double up) =>
        $"{Number(AtX(x, across))} {Number(AtY(y, up))}";

    private static void AddText(
        StringBuilder svg, string style, double x, double y, string text, string anchor = "start") =>
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\"")
            .Append(CultureInfo.InvariantCulture, $" text-anchor=\"{anchor}\">{Escape(text)}</text>\n");

    private static string Tone(TourLine line) => line.Tone.ToString().ToLowerInvariant();

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
