using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What a part of the net, or several together, do to the gradient.</summary>
/// <param name="Name">The part's name, or those of the first and the last.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Decades">log10 of what it does to the norm on the way back, summed over the parts.</param>
/// <param name="Count">How many parts these are.</param>
internal sealed record DecayRow(string Name, LinkKind Kind, double Decades, int Count = 1);

/// <summary>Decades per link as bars, in the order of the net.</summary>
internal static class DecayChart
{
    private const int MostRows = 24;
    private const int LongestName = 28;
    private const int WidestBar = 40;
    private const int UsualNumber = 7;

    /// <summary>Below this many decades (a factor of 2), the longest bar doesn't fill the width.</summary>
    private const double SmallestScale = 0.3;

    /// <summary>The rows of a diagnosis; the way back through time is a sum of its own, and none of these.</summary>
    public static IReadOnlyList<DecayRow> Rows(RunStructure structure, IEnumerable<AttributionEntry> attribution) =>
    [
        .. attribution.Where(entry => !entry.IsThroughTime(structure))
            .Select(entry => new DecayRow(entry.Link, entry.Kind, entry.Decades)),
    ];

    /// <summary>
    /// The rows of a forecast, of the parts that theory covers. A silent branch has none: its skip is the whole link.
    /// </summary>
    public static IReadOnlyList<DecayRow> Rows(RunStructure structure, Forecast forecast)
    {
        IReadOnlySet<int> silent = SilentBranches(structure, forecast);
        return
        [
            .. structure.Parts.Zip(forecast.PartGains)
                .Where(pair => pair.Second is not null)
                .Where(pair => pair.First.Kind == LinkKind.Skip || !silent.Contains(pair.First.Link))
                .Select(pair => new DecayRow(pair.First.Name, pair.First.Kind, pair.Second!.Value)),
        ];
    }

    /// <summary>The links whose branch is expected to pass no gradient at all, while the skip beside it does.</summary>
    public static IReadOnlySet<int> SilentBranches(RunStructure structure, Forecast forecast) =>
        structure.Parts.Zip(forecast.PartGains)
            .GroupBy(pair => pair.First.Link)
            .Where(link => link.Any(pair => pair.Second is double.NegativeInfinity))
            .Where(link => link.Any(pair =>
                pair is { First.Kind: LinkKind.Skip, Second: { } gain } && double.IsFinite(gain)))
            .Select(link => link.Key)
            .ToHashSet();

    /// <summary>
    /// The chart; many rows are summed over stretches of the net, kind by kind. Bars of parts that work against the sum
    /// are lighter.
    /// </summary>
    /// <param name="rows">The rows, in the order of the net.</param>
    /// <param name="width">Cells that it may be wide.</param>
    /// <param name="isWhole">Whether no part is missing; else there is no total to show.</param>
    /// <param name="steps">The time steps over which rows add up that are of each one; 1 where they aren't.</param>
    public static IRenderable Of(IReadOnlyList<DecayRow> rows, int width, bool isWhole = true, int steps = 1)
    {
        Func<double?, string> write = steps > 1 ? Numbers.PerStep : Numbers.Decades;
        IReadOnlyList<DecayRow> shown = Fold(rows);
        IReadOnlyList<string> names = ShortNames.Of([.. shown.Select(row => row.Name)], LongestName);
        double? total = isWhole ? rows.Sum(row => row.Decades) : null;
        double largest = shown.Select(Size).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        double scale = Math.Max(SmallestScale / steps, largest);
        int bar = BarWidth(shown, names, width - shown.Max(row => Math.Max(UsualNumber, write(row.Decades).Length)));
        Grid grid = Figure.Columns(Justify.Left, Justify.Left, Justify.Right, Justify.Left);
        foreach ((DecayRow row, string name) in shown.Zip(names))
        {
            string drawn = Bar.Of(Size(row) / scale, bar);
            if (row.Decades * total < 0) drawn = new string('░', drawn.Length);
            grid.AddRow(
                new Text(name), new Text(Kind(row), Palette.Quiet), new Text(write(row.Decades)),
                new Text(drawn, Palette.Of(row.Kind)));
        }
        if (total is null) return grid;
        var sum = new Text(write(total), Palette.Strong);
        return grid.AddRow(new Text("total", Palette.Strong), Text.Empty, sum, Text.Empty);
    }

    private static double Size(DecayRow row) => Math.Abs(row.Decades);

    private static int BarWidth(IReadOnlyList<DecayRow> rows, IReadOnlyList<string> names, int width)
    {
        const int Gaps = 6;
        int name = names.Max(name => name.Length), kind = rows.Max(row => Kind(row).Length);
        return Math.Clamp(width - name - kind - Gaps, 8, WidestBar);
    }

    private static string Kind(DecayRow row) =>
        row.Kind.ToString().ToLowerInvariant() + (row.Count == 1 ? "" : $" ×{Numbers.Count(row.Count)}");

    private static IReadOnlyList<DecayRow> Fold(IReadOnlyList<DecayRow> rows)
    {
        if (rows.Count <= MostRows) return rows;
        int kinds = rows.Select(row => row.Kind).Distinct().Count();
        int stretches = Math.Max(1, MostRows / kinds);
        int size = (rows.Count + stretches - 1) / stretches;
        // A whole number of turns, so that the stretches of a net of equal layers hold the same.
        size = (size + kinds - 1) / kinds * kinds;
        return [.. rows.Chunk(size).SelectMany(stretch => stretch.GroupBy(row => row.Kind).Select(Sum))];
    }

    private static DecayRow Sum(IGrouping<LinkKind, DecayRow> rows)
    {
        DecayRow[] all = [.. rows];
        return all.Length == 1
            ? all[0]
            : new DecayRow($"{all[0].Name} … {all[^1].Name}", rows.Key, all.Sum(row => row.Decades), all.Length);
    }
}
