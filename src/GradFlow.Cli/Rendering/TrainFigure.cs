using GradFlow.Runs;
using Spectre.Console;

namespace GradFlow.Cli.Rendering;

/// <summary>What <c>train</c> shows.</summary>
internal static class TrainFigure
{
    /// <summary>Shows it.</summary>
    /// <param name="console">Where.</param>
    /// <param name="run">The training.</param>
    /// <param name="folder">Where it lies.</param>
    /// <param name="pretrained">Steps of pre-training that it has taken.</param>
    public static void Write(IAnsiConsole console, Run run, RunFolder folder, int pretrained = 0)
    {
        var figure = new Figure(console);
        figure.AddTitle(run.Header.Name, RunNotes.Of(run));
        (Style style, string word, string sentence) = Ending(run, pretrained);
        figure.AddSentence(style, word, sentence);
        (string, string) judge = ("judge it", $"gradflow diagnose {folder.Path}");
        (string, string) resume = ("go on", $"gradflow train --resume {folder.Path}");
        if (IsStoppedBefore(run))
        {
            figure.AddPlaces(("run", folder.Path), resume);
            return;
        }
        figure.Add(null, null, OutcomeTable.Of(Outcome.Of(run), null, run.Header.Plan.MetricName));
        figure.AddPlaces(run is { End.Reason: "interrupted", Steps.Count: > 0 }
            ? [("run", folder.Path), resume, judge]
            : [("run", folder.Path), judge]);
    }

    /// <summary>
    /// Whether it was stopped in its pre-training, since the training is judged before its first step.
    /// </summary>
    private static bool IsStoppedBefore(Run run) =>
        run is { End.Reason: "interrupted", Steps.Count: 0 }
        && run.Evaluations.All(evaluation => evaluation.Split == "pretraining");

    private static (Style Style, string Word, string Sentence) Ending(Run run, int pretrained) => run.End?.Reason switch
    {
        "interrupted" when IsStoppedBefore(run) => (
            Palette.Warning, "Stopped while pre-training. ",
            $"It has taken {Numbers.Count(pretrained)} of {Numbers.Count(run.Header.Plan.PretrainingSteps ?? 0)} steps "
                + "of it, and what they taught is kept."),
        "interrupted" => (Palette.Warning, "Stopped. ", "What was recorded until then is kept."),
        "early-stop" => (Palette.Good, EarlyStop.Word, EarlyStop.InWords(run.End)),
        "non-finite" => (Palette.Bad, "Broke. ", Origin(run.NonFinite)),
        _ => (Palette.Good, "Trained. ", "All of it is recorded."),
    };

    private static string Origin(NonFiniteOrigin? origin) => origin is null
        ? "The numbers are not finite any more."
        : $"The first {(origin.Kind == "nan" ? "NaN" : "infinity")} came from {origin.Operation} in {origin.Layer}, "
            + $"{Place(origin.Phase)} of step {Numbers.Count(origin.Step)}.";

    private static string Place(string phase) => phase switch
    {
        "data" => "in the data",
        "update" => "in the update",
        _ => $"in the {phase} pass",
    };
}
