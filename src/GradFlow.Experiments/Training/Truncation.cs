using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>
/// What truncated back-propagation does to a net's gradient, where that is worth a word before training.
/// </summary>
public static class Truncation
{
    /// <summary>
    /// A sentence where the window holds the whole sequence; null where it does not, or where none is set.
    /// </summary>
    /// <param name="structure">The net.</param>
    public static string? WithoutEffect(RunStructure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return Of(structure) is { Window: { } window } layer && window >= layer.Steps
            ? $"Truncation after {Words.Count(window, "time step")} has no effect: a sequence has {layer.Steps}."
            : null;
    }

    /// <summary>The same, or a sentence where the window ends before what the task needs; else null.</summary>
    internal static string? Remark(RunStructure structure, int? longestDependency) =>
        WithoutEffect(structure) ?? (Of(structure)?.Window is { } window && window <= longestDependency
            ? $"Truncation cuts the gradient after {Words.Count(window, "time step")}, so none of it comes as far back "
                + $"as the {longestDependency} that the task needs."
            : null);

    private static RecurrenceInfo? Of(RunStructure structure) =>
        structure.Recurrences?.FirstOrDefault(layer => layer.Window is not null);
}
