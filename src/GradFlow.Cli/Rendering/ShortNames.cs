namespace GradFlow.Cli.Rendering;

/// <summary>Cuts names that are too long for their column.</summary>
internal static class ShortNames
{
    /// <summary>
    /// The names, the long ones with an ellipsis for what they are cut by: in the middle, or wherever else leaves more
    /// of them distinguishable.
    /// </summary>
    /// <param name="names">The names that stand beneath each other.</param>
    /// <param name="width">Cells that each may be wide; at least 1.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> names, int width) => Enumerable.Range(0, width)
        .OrderBy(ending => Math.Abs(ending - width / 2))
        .Select(ending => names.Select(name => Cut(name, width, ending)).ToList())
        .MaxBy(cut => cut.Distinct().Count())!;

    private static string Cut(string name, int width, int ending) =>
        name.Length <= width ? name : $"{name[..(width - 1 - ending)]}…{name[^ending..]}";
}
