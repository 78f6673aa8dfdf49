using System.Text.RegularExpressions;
using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What was tried, best first, against the untouched control.</summary>
internal static partial class TrialTable
{
    private const int MostRows = 12;
    private const int RemedyColumn = 1;
    private const int NarrowestRemedy = 12;

    /// <summary>The table.</summary>
    /// <param name="repair">The repair with its trials.</param>
    /// <param name="metricName">The metric's name; null if there is none.</param>
    /// <param name="width">Cells that it may be wide.</param>
    public static IRenderable Of(RepairResult repair, string? metricName, int width)
    {
        IReadOnlyList<TrialGroup> groups = TrialGroup.Of(repair.Trials, metricName);
        List<TrialGroup> shown = [.. groups.Where((group, i) => i < MostRows || group.Role == "control")];
        TrialGroup? kept = Kept(repair, groups);
        string[] head = ["", "remedy", "fork", "seeds", "loss", metricName ?? "", "vs control"];
        List<(string[] Cells, Style Style)> rows =
        [
            (head, Palette.Quiet),
            .. shown.Select(group => (Cells(group, groups, group == kept, metricName), Look(group, kept))),
        ];
        int ofOthers = Enumerable.Range(0, head.Length).Where(column => column != RemedyColumn)
            .Sum(column => rows.Max(row => row.Cells[column].Length) + Figure.ColumnGap);
        int ofRemedies = Math.Max(NarrowestRemedy, width - ofOthers);
        Grid grid = Figure.Columns(
            Justify.Left, Justify.Left, Justify.Left, Justify.Right, Justify.Right, Justify.Right, Justify.Right);
        foreach ((string[] cells, Style style) in rows)
        {
            cells[RemedyColumn] = Wrap(cells[RemedyColumn], ofRemedies);
            grid.AddRow([.. cells.Select(cell => new Text(cell, style))]);
        }
        if (shown.Count == groups.Count) return grid;
        return new Rows(grid, new Text($"… and {groups.Count - shown.Count} more in the report", Palette.Quiet));
    }

    /// <summary>
    /// The remedy kept; where it stands in the ranking twice, as drawn at random too, the better one.
    /// </summary>
    private static TrialGroup? Kept(RepairResult repair, IReadOnlyList<TrialGroup> groups)
    {
        // Runs of before the trial's name was recorded tell the remedies alone.
        string name = repair.ChosenTrial ?? string.Join('+', repair.Chosen);
        return groups.FirstOrDefault(group => group.Role != "control" && group.Remedy == name);
    }

    private static Style Look(TrialGroup group, TrialGroup? kept) =>
        group == kept ? Palette.Good.Combine(Palette.Strong)
        : group.Role == "control" ? Palette.Quiet
        : Style.Plain;

    /// <summary>
    /// Breaks remedies that are too long behind a plus or before a note; what is longer still is cut in the middle.
    /// </summary>
    private static string Wrap(string remedy, int width)
    {
        var lines = new List<string> { "" };
        foreach (string part in BreakBetween().Split(remedy))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + part.TrimEnd().Length > width) lines.Add("");
            lines[^1] += part;
        }
        return string.Join('\n', lines.Select(line => ShortNames.Of([line.TrimEnd()], width)[0]));
    }

    [GeneratedRegex(@"(?<=[+ ])")]
    private static partial Regex BreakBetween();

    private static string[] Cells(
        TrialGroup group, IReadOnlyList<TrialGroup> all, bool isKept, string? metricName) =>
    [
        isKept ? "✓" : "",
        group.Role == "random" ? group.Remedy + " (random)" : group.Remedy,
        group.Kind,
        Numbers.Count(group.Seeds),
        Numbers.Loss(group.Loss),
        group.Metric is null ? "" : Numbers.Metric(group.Metric, metricName),
        AgainstControl(group, all),
    ];

    private static string AgainstControl(TrialGroup group, IReadOnlyList<TrialGroup> all)
    {
        if (group.Role == "control" || double.IsNaN(group.Loss)) return "";
        TrialGroup? control = all.FirstOrDefault(other => other.Role == "control" && other.Kind == group.Kind);
        return control switch
        {
            null or { Loss: 0 } => "",
            { Loss: double.NaN } => "no NaN",
            _ => Numbers.Change(group.Loss / control.Loss - 1),
        };
    }
}
