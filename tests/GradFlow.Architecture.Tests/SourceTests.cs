using System.Text.RegularExpressions;

namespace GradFlow.Architecture.Tests;

/// <summary>What every source file and folder keeps to.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 400;

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        Repository.SourceFiles
            .Select(file => (Path: Repository.Relative(file), Lines: File.ReadLines(file.FullName).Count()))
            .Where(file => file.Lines > MostLines)
            .ShouldBeEmpty();

    [Fact]
    public void Every_source_folder_has_a_caption_in_the_layout()
    {
        var captioned = Caption().Matches(Repository.Read("docs/internals/layout.md"))
            .Select(match => match.Groups["folder"].Value).ToHashSet();
        var folders = Repository.SourceFiles.Select(file => Repository.Relative(file.Directory!)).Distinct().ToList();
        folders.ShouldNotBeEmpty();
        folders.Where(folder => !captioned.Contains(folder)).ShouldBeEmpty(
            "docs/internals/layout.md lacks their lines");
    }

    [GeneratedRegex(@"^ *- `(?<folder>src/[^`]+)/`: \S", RegexOptions.Multiline)]
    private static partial Regex Caption();
}
