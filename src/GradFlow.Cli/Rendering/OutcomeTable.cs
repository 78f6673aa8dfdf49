using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What a training came to, and what it came to when repaired.</summary>
internal static class OutcomeTable
{
    /// <summary>The table.</summary>
    /// <param name="before">The training as given.</param>
    /// <param name="after">The repaired one; null for the training as given alone.</param>
    /// <param name="metricName">The metric's name; null if there is none.</param>
    public static IRenderable Of(Outcome before, Outcome? after, string? metricName)
    {
        Grid grid = Figure.Columns(Justify.Left, Justify.Right, Justify.Right);
        if (after is not null)
            grid.AddRow(Text.Empty, new Text("before", Palette.Quiet), new Text("after", Palette.Quiet));
        void Add(string name, Func<Outcome, double?> value, Func<double?, string> inWords)
        {
            double? given = value(before), repaired = after is null ? null : value(after);
            if (given is null && repaired is null) return;
            grid.AddRow(
                new Text(name, Palette.Quiet), new Text(inWords(given)),
                after is null ? Text.Empty : new Text(inWords(repaired), Palette.Good.Combine(Palette.Strong)));
        }
        string InWords(double? metric) => Numbers.Metric(metric, metricName);
        Add("pre-training loss", outcome => outcome.PretrainingLoss, Numbers.Loss);
        Add("validation loss", outcome => outcome.IsFinite ? outcome.Loss : double.NaN, Numbers.Loss);
        if (metricName is not null) Add($"validation {metricName}", outcome => outcome.Metric, InWords);
        Add("validation bits-per-character", outcome => outcome.BitsPerCharacter, Numbers.Loss);
        Add("test loss", outcome => outcome.TestLoss, Numbers.Loss);
        if (metricName is not null) Add($"test {metricName}", outcome => outcome.TestMetric, InWords);
        Add("test bits-per-character", outcome => outcome.TestBitsPerCharacter, Numbers.Loss);
        Add("free run's NRMSE", outcome => outcome.FreeRunError, Numbers.Loss);
        Add("decades per layer, at the start", outcome => outcome.DecadesPerLayer, Numbers.Decades);
        Add("decades per time step, at the start", outcome => outcome.DecadesPerTimeStep, Numbers.PerStep);
        // Alone it stands in the title; of two that are compared it must be seen whether they ran equally long.
        if (after is not null) Add("steps", outcome => outcome.Steps, steps => Numbers.Count((long)steps!.Value));
        return grid;
    }
}
