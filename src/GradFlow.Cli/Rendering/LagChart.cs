using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What is left of the gradient by lag, as bars, with memory's end and the lag that the task needs.</summary>
internal static class LagChart
{
    private const int MostRows = 13;
    private const int WidestBar = 32;

    /// <summary>Below this many decades (a factor of 100), the shortest bar doesn't reach the left.</summary>
    private const double SmallestScale = 2;

    /// <summary>The chart of one layer.</summary>
    /// <param name="summary">The layer.</param>
    /// <param name="needed">The lag that the task needs; null if unknown.</param>
    /// <param name="width">Cells that it may be wide.</param>
    public static IRenderable Of(TimeSummary summary, int? needed, int width)
    {
        List<int> lags = Lags(summary, needed);
        double[] known = [.. lags.Where(lag => lag <= summary.LastLag).Select(lag => summary.LeftAt(lag))
            .OfType<double>().Where(double.IsFinite)];
        double high = Math.Max(0, known.Max()), low = Math.Min(known.Min(), high - SmallestScale);
        int bar = Math.Clamp(width - 46, 8, WidestBar);
        Grid grid = Figure.Columns(Justify.Right, Justify.Right, Justify.Left, Justify.Left);
        grid.AddRow(Quiet("lag"), Quiet("decades"), Text.Empty, Text.Empty);
        foreach (int lag in lags)
        {
            double? left = lag < summary.Profile.LagNorms.Count ? summary.LeftAt(lag) : null;
            bool isKnown = left is { } value && !double.IsNaN(value);
            // The faintest that is drawn still shows an eighth of a cell, so that 0 alone is bare.
            double share = isKnown ? (left!.Value - low) / (high - low) * (1 - 1.0 / 64) + 1.0 / 64 : double.NaN;
            (string note, Style style) = Note(summary, lag, needed);
            grid.AddRow(
                new Text(Numbers.Count(lag)), new Text(isKnown ? Numbers.Decades(left) : "–"),
                new Text(Bar.Of(share, bar), Look(summary, left)), new Text(note, style));
        }
        return grid;
    }

    /// <summary>What a layer's parts add per time step.</summary>
    public static IReadOnlyList<DecayRow> Shares(TimeSummary summary)
    {
        TimeProfile profile = summary.Profile;
        string slopes = summary.Layer.Activation is { } activation ? $"{activation} slopes" : "slopes";
        (string Name, LinkKind Kind, double? Decades)[] parts =
        [
            ("recurrent weights", LinkKind.Weights, profile.WeightDecades),
            (slopes, LinkKind.Activation, profile.ActivationDecades),
            (summary.Layer.CarrierName(), LinkKind.Recurrence, profile.GateDecades),
        ];
        return [.. parts.Where(part => part.Decades is not null)
            .Select(part => new DecayRow(part.Name, part.Kind, part.Decades!.Value))];
    }

    private static List<int> Lags(TimeSummary summary, int? needed)
    {
        int last = Math.Max(summary.LastLag, Math.Max(needed ?? 0, summary.CutLag ?? 0));
        int stride = Math.Max(1, (last + MostRows - 2) / (MostRows - 1));
        // Round strides read better, and 7 or 9 would hide nothing that 5 or 10 shows.
        stride = new[] { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000 }.FirstOrDefault(round => round >= stride, stride);
        // Beyond the cut there is nothing to tell apart.
        int even = Math.Min(last, summary.CutLag ?? last) / stride;
        int?[] marked = [summary.MemoryHorizon, needed, summary.CutLag];
        IEnumerable<int> all = Enumerable.Range(0, even + 1).Select(i => i * stride).Concat(marked.OfType<int>());
        return [.. all.Append(summary.LastLag).Distinct().Order()];
    }

    private static (string, Style) Note(TimeSummary summary, int lag, int? needed)
    {
        var notes = new List<string>();
        if (lag == summary.MemoryHorizon) notes.Add("memory ends: less than 1 %");
        if (lag == summary.CutLag)
            notes.Add(summary.Layer.Window is null ? "not measured from here on" : "cut by truncation from here on");
        if (lag == needed) notes.Add("the answer needs this");
        if (lag == needed && lag > summary.LastLag && summary.CutLag is null) notes.Add("not measured");
        return (string.Join("; ", notes), lag == needed ? Palette.Accent : Palette.Quiet);
    }

    private static Style Look(TimeSummary summary, double? left) => left switch
    {
        <= LagProfile.HorizonDecades => Palette.Bad,
        >= -LagProfile.HorizonDecades when summary.DecadesPerStep > 0 => Palette.Bad,
        _ => Palette.Of(LinkKind.Recurrence),
    };

    private static Text Quiet(string text) => new(text, Palette.Quiet);
}
