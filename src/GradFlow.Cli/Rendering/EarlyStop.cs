using GradFlow.Runs;

namespace GradFlow.Cli.Rendering;

/// <summary>What a training that early stopping has ended is shown with.</summary>
internal static class EarlyStop
{
    public const string Word = "Stopped early. ";

    /// <summary>Why it ended, and which net it has left.</summary>
    public static string InWords(RunEnd end) => end.BestStep is { } step
        ? $"The validation loss got no better after step {Numbers.Count(step)}, whose net is kept."
        : "The validation loss never became a finite number.";
}
