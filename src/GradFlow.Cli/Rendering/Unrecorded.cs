using GradFlow.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GradFlow.Cli.Rendering;

/// <summary>What another framework's log leaves open, in plain words.</summary>
internal static class Unrecorded
{
    private const string OwnProducer = "gradflow ";

    /// <summary>True where the run can't be repeated here, since another framework trained it.</summary>
    public static bool IsForeign(RunHeader header) =>
        header.Experiment is null && !header.Producer.StartsWith(OwnProducer, StringComparison.Ordinal);

    /// <summary>What was not recorded, and what it leaves open; what the verdict asks for is not said again.</summary>
    public static IReadOnlyList<(string What, string Open)> Of(Run run, DiagnosisResult diagnosis)
    {
        RunStructure structure = run.Header.Structure;
        bool Lacks(Func<Frame, object?> part) => run.Frames.Count > 0 && run.Frames.All(frame => part(frame) is null);
        (bool IsMissing, string What, string Open)[] all =
        [
            (run.Evaluations.Count == 0, "evaluations", "what is said of learning rests on the training's own batches"),
            (run.Header.Plan.BaselineLoss is null && diagnosis.Verdict.NextToRecord.Count == 0, "baseline loss",
                "the loss at the start stands in for that of the best constant prediction"),
            (structure.Parts.Count > 0 && Lacks(frame => frame.PartGains), "gains of parts",
                "causes are told from whole links"),
            (Lacks(frame => frame.Forward), "layer outputs", "dead and saturated units are not seen"),
            (Lacks(frame => frame.Parameters), "updates", "steps that are too small or too large are not seen"),
            (structure.IsRecurrent && Lacks(frame => frame.ThroughTime), "gradient by lag",
                "how far back through time the memory reaches is not seen"),
            (diagnosis.Findings.Count > 0, "a second training",
                "the cause is unconfirmed: only changing it alone and training again tells it from a guess, as doctor "
                + "does with an experiment file"),
        ];
        return [.. all.Where(one => one.IsMissing).Select(one => (one.What, one.Open))];
    }

    /// <summary>The same, to be shown.</summary>
    public static IRenderable Table(IReadOnlyList<(string What, string Open)> lines)
    {
        var grid = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        foreach ((string what, string open) in lines)
            grid.AddRow(new Text(what, Palette.Quiet), new Paragraph(Unbroken.Of(open)));
        return grid;
    }
}
