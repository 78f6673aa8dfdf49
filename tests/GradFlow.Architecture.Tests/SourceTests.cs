using System.Text.RegularExpressions;

namespace GradFlow.Architecture.Tests;

/// <summary>What every source file and folder keeps to.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 400, MostCharacters = 120;

    [Fact]
    public void Every_file_keeps_within_120_characters_a_line_and_400_lines()
    {
        Repository.CodeFiles.Count().ShouldBeGreaterThan(Repository.SourceFiles.Count());
        Repository.CodeFiles
            .SelectMany(file => Excesses(Repository.Relative(file), File.ReadAllLines(file.FullName)))
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_line_and_a_file_that_are_too_long_are_named()
    {
        Excesses("a.cs", ["", new string('−', MostCharacters)]).ShouldBeEmpty();
        Excesses("a.cs", ["", new string('−', MostCharacters + 1)]).ShouldBe(["a.cs:2: 121 characters"]);
        Excesses("a.cs", Enumerable.Repeat("", MostLines)).ShouldBeEmpty();
        Excesses("a.cs", Enumerable.Repeat("", MostLines + 1)).ShouldBe(["a.cs: 401 lines"]);
    }

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

    private static IEnumerable<string> Excesses(string path, IEnumerable<string> lines)
    {
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            int characters = line.EnumerateRunes().Count();
            if (characters > MostCharacters) yield return $"{path}:{number}: {characters} characters";
        }
        if (number > MostLines) yield return $"{path}: {number} lines";
    }

    [GeneratedRegex(@"^ *- `(?<folder>src/[^`]+)/`: \S", RegexOptions.Multiline)]
    private static partial Regex Caption();
}
