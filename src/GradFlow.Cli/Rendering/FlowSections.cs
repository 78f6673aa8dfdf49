using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>The sections that tell where the gradient goes: through the net, and back through time.</summary>
internal static class FlowSections
{
    /// <summary>Adds them, as far as they were measured.</summary>
    /// <param name="figure">Where.</param>
    /// <param name="run">The run.</param>
    /// <param name="diagnosis">What it was found to have.</param>
    public static void Add(Figure figure, Run run, DiagnosisResult diagnosis)
    {
        RunStructure structure = run.Header.Structure;
        if (diagnosis.Findings.Any(finding => finding.Cause == CauseIds.Attention)) AddReach(figure, run.Header);
        IReadOnlyList<TimeSummary> layers = TimeSummary.Of(run);
        if (layers.Count > 0) AddTime(figure, layers, run, diagnosis);
        IReadOnlyList<DecayRow> rows = DecayChart.Rows(structure, diagnosis.Attribution);
        // A net of a layer or two has no depth to speak of where its gradient travels through time.
        if (rows.Count == 0 || layers.Count > 0 && structure.Depth <= 2) return;
        IRenderable chart = DecayChart.Of(rows, figure.Width);
        double total = rows.Sum(row => row.Decades);
        // The forecast's table speaks of the first step alone, where a sum over the same links may be another.
        bool hasMoved = run.Forecast?.MeasuredTotalDecades is { } start && double.IsFinite(start)
            && Numbers.Decades(start) != Numbers.Decades(total);
        figure.Add(
            "Where the gradient goes", "decades per link, from the input to the loss",
            hasMoved
                ? new Rows(chart, Quiet($"on average over the steps that were judged; "
                    + $"{Numbers.Decades(run.Forecast!.MeasuredTotalDecades)} at step 0"))
                : chart);
    }

    /// <summary>Adds what a forecast expects of the way back through time, if anything.</summary>
    /// <param name="figure">Where.</param>
    /// <param name="header">What is known before the first step.</param>
    /// <param name="forecast">The forecast.</param>
    public static void AddExpected(Figure figure, RunHeader header, Forecast forecast)
    {
        AddReach(figure, header);
        if (forecast.DecadesPerTimeStep is not { } slope || !double.IsFinite(slope)) return;
        if (header.Structure.Recurrences is not [{ Steps: > 1 } layer, ..] recurrences) return;
        double?[] norms = [.. Enumerable.Range(0, layer.Steps)
            .Select(lag => lag < (layer.Window ?? layer.Steps) ? slope * lag : (double?)null)];
        var expected = new TimeSummary(layer, 0, new TimeProfile(norms));
        string of = recurrences.Count == 1 ? layer.Name : "the layer with the longest memory";
        figure.Add(
            "What will be left of the gradient", $"{of}, by time steps back",
            LagChart.Of(expected, LagProfile.NeededLag(header, layer), figure.Width));
    }

    private static void AddReach(Figure figure, RunHeader header)
    {
        if (ShortReach.Of(header.Structure, header.Plan.LongestDependency) is { } reach)
            figure.Add(
                "How far back the output sees", "time steps, layer by layer", ReachChart.Of(reach, figure.Width));
    }

    private static void AddTime(Figure figure, IReadOnlyList<TimeSummary> layers, Run run, DiagnosisResult diagnosis)
    {
        string? judged = diagnosis.Findings.FirstOrDefault(TimeSummary.IsThroughTime)?.Where?.First;
        TimeSummary shown = layers.FirstOrDefault(layer => layer.Layer.Name == judged) ?? layers[0];
        IRenderable chart = LagChart.Of(shown, LagProfile.NeededLag(run.Header, shown.Layer), figure.Width);
        string where = $"{shown.Layer.Name}, by time steps back, at step {Numbers.Count(shown.Step)}";
        figure.Add(
            "What is left of the gradient", where,
            layers.Count == 1 ? chart : new Rows(chart, Text.Empty, Compared(layers)));
        IReadOnlyList<DecayRow> shares = LagChart.Shares(shown);
        if (shares.Count > 0)
            figure.Add(
                "Where it goes", $"{shown.Layer.Name}, decades per time step, at step {Numbers.Count(shown.Step)}",
                DecayChart.Of(shares, figure.Width, steps: Math.Max(2, shown.LastLag)));
        if (StepTable.Of(shown.Profile) is { } table)
            figure.Add(
                "What one time step does to the state",
                $"{shown.Layer.Name}, at step {Numbers.Count(shown.Step)}", table);
    }

    private static Grid Compared(IReadOnlyList<TimeSummary> layers)
    {
        Grid grid = Figure.Columns(Justify.Left, Justify.Right, Justify.Right);
        grid.AddRow(Quiet("layer"), Quiet("decades per time step"), Quiet("memory"));
        foreach (TimeSummary layer in layers)
        {
            string memory = layer switch
            {
                { MemoryHorizon: { } horizon } => Numbers.Of(horizon, "step"),
                { LastLag: 0 } => "–",
                _ => $"over {Numbers.Of(layer.LastLag, "step")}",
            };
            grid.AddRow(new Text(layer.Layer.Name), new Text(Numbers.PerStep(layer.DecadesPerStep)), new Text(memory));
        }
        return grid;
    }

    private static Text Quiet(string text) => new(text, Palette.Quiet);
}
