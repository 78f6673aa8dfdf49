using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>Whether a line stands in both texts or in one.</summary>
public enum LineChange
{
    /// <summary>In both.</summary>
    Same,

    /// <summary>In the text before alone.</summary>
    Removed,

    /// <summary>In the text after alone.</summary>
    Added,
}

/// <summary>A line of two texts laid beside each other.</summary>
/// <param name="Change">In which of them it stands.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record DiffLine(LineChange Change, string Text);

/// <summary>What differs between two experiments.</summary>
/// <param name="Changes">The values that differ, in the order of the file.</param>
/// <param name="Lines">The lines of both files; of those that differ, the removed before the added.</param>
public sealed record ExperimentDiff(IReadOnlyList<ExperimentChange> Changes, IReadOnlyList<DiffLine> Lines)
{
    /// <summary>Compares two experiments.</summary>
    /// <param name="before">The one.</param>
    /// <param name="after">The other.</param>
    public static ExperimentDiff Between(Experiment before, Experiment after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return new ExperimentDiff(
            new ExperimentComparison().Compare(before, after),
            CompareLines(ExperimentFile.Write(before), ExperimentFile.Write(after)));
    }

    /// <summary>Compares two texts by lines.</summary>
    /// <param name="before">The one.</param>
    /// <param name="after">The other.</param>
    public static IReadOnlyList<DiffLine> CompareLines(string before, string after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        string[] a = before.TrimEnd('\n').Split('\n'), b = after.TrimEnd('\n').Split('\n');
        return
        [
            .. Alignment.Of(a, b, (x, y) => x == y ? 0 : double.PositiveInfinity).Select(pair =>
                pair.After < 0 ? new DiffLine(LineChange.Removed, a[pair.Before])
                : pair.Before < 0 ? new DiffLine(LineChange.Added, b[pair.After])
                : new DiffLine(LineChange.Same, b[pair.After])),
        ];
    }
}
