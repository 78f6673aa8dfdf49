using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>
/// What truncated back-propagation does to a net's gradient, where that is worth a word before training.
/// </summary>
internal static class Truncation
{
    /// <summary>
    /// A sentence where the window holds the whole sequence, or ends before what the task needs; null where it does
    /// neither, or none is set.
    /// </summary>
    public static string? Remark(RunStructure structure, int? longestDependency)
    {
        RecurrenceInfo? cut = structure.Recurrences?.FirstOrDefault(layer => layer.Window is not null);
        if (cut is not { Window: { } window } layer) return null;
        if (window >= layer.Steps)
            return $"Truncation after {Words.Count(window, "time step")} has no effect: a sequence has {layer.Steps}.";
        return window <= longestDependency
            ? $"Truncation cuts the gradient after {Words.Count(window, "time step")}, so none of it comes as far back "
                + $"as the {longestDependency} that the task needs."
            : null;
    }
}
