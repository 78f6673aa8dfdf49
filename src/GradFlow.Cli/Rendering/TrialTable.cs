using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What was tried, best first, against the untouched control.</summary>
internal static class TrialTable
{
    private const int MostRows = 12;

    /// <summary>The table.</summary>
    /// <param name="trials">Every fork, best first.</param>
    /// <param name="chosen">The remedies kept.</param>
    /// <param name="metricName">The metric's name; null if there is none.</param>
    public static IRenderable Of(IReadOnlyList<Trial> trials, IReadOnlyList<string> chosen, string? metricName)
    {
        IReadOnlyList<TrialGroup> groups = TrialGroup.Of(trials);
        List<TrialGroup> shown = [.. groups.Where((group, i) => i < MostRows || group.Role == "control")];
        string kept = string.Join('+', chosen);
        Grid grid = Figure.Columns(
            Justify.Left, Justify.Left, Justify.Left, Justify.Right, Justify.Right, Justify.Right, Justify.Right);
        string[] head = ["", "remedy", "fork", "seeds", "loss", metricName ?? "", "vs control"];
        grid.AddRow([.. head.Select(cell => new Text(cell, Palette.Quiet))]);
        foreach (TrialGroup group in shown)
        {
            bool isKept = group.Remedy == kept;
            Style style = isKept ? Palette.Good.Combine(Palette.Strong)
                : group.Role == "control" ? Palette.Quiet
                : Style.Plain;
            grid.AddRow([.. Cells(group, groups, isKept).Select(cell => new Text(cell, style))]);
        }
        if (shown.Count == groups.Count) return grid;
        return new Rows(grid, new Text($"… and {groups.Count - shown.Count} more in the report", Palette.Quiet));
    }

    private static string[] Cells(TrialGroup group, IReadOnlyList<TrialGroup> all, bool isKept) =>
    [
        isKept ? "✓" : "",
        group.Role == "random" ? group.Remedy + " (random)" : group.Remedy,
        group.Kind,
        Numbers.Count(group.Seeds),
        Numbers.Loss(group.Loss),
        group.Metric is null ? "" : Numbers.Metric(group.Metric),
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
