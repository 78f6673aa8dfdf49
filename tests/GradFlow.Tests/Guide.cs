using System.Text.RegularExpressions;

namespace GradFlow.Tests;

/// <summary>The pages that people read first, and the code blocks in them.</summary>
internal static partial class Guide
{
    /// <summary>The folder that holds GradFlow.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The pages, named from the root.</summary>
    public static IEnumerable<string> Pages => Directory
        .EnumerateFiles(Path.Combine(Root, "docs", "guide"), "*.md", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path)).Append("README.md").Order();

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    /// <summary>The blocks of C# on a page, without the indentation that they share.</summary>
    public static IEnumerable<(string Page, string[] Lines)> Blocks(string page) =>
        CSharp().Matches(string.Join('\n', Lines(page))).Select(match => (page, match.Groups[1].Value.Split('\n')));

    /// <summary>Whether lines stand in a source one after the other, all moved right by the same width.</summary>
    public static bool Contains(string[] source, string[] lines) => Enumerable
        .Range(0, Math.Max(0, source.Length - lines.Length + 1))
        .Any(at => Matches(source.AsSpan(at, lines.Length), lines));

    /// <summary>Links on a page to files that don't exist.</summary>
    public static IEnumerable<string> BrokenLinks(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        return Link().Matches(string.Join('\n', Lines(page))).Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(folder, target.Split('#')[0])))
            .Select(target => $"{page}: {target}");
    }

    private static bool Matches(ReadOnlySpan<string> source, string[] lines)
    {
        string indent = source[0][..^source[0].TrimStart().Length];
        for (int i = 0; i < lines.Length; i++)
        {
            string wanted = lines[i].Length == 0 ? "" : indent + lines[i];
            if (source[i].TrimEnd() != wanted.TrimEnd()) return false;
        }
        return true;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GradFlow.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("no folder above the tests holds GradFlow.slnx");
    }

    [GeneratedRegex("^```csharp\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharp();

    [GeneratedRegex(@"\]\(([^)#\s][^)\s]*)\)")]
    private static partial Regex Link();
}
