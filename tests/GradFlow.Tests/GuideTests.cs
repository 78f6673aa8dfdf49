using System.Text.RegularExpressions;

namespace GradFlow.Tests;

/// <summary>The documentation holds no code that isn't compiled and run.</summary>
public sealed class GuideTests
{
    private static readonly string[] Compiled =
        ["tests/GradFlow.Tests/GuideCode.cs", "examples/10-own-loop/Program.cs"];

    [Fact]
    public void All_code_in_the_guide_is_compiled_and_run()
    {
        string[][] sources = [.. Compiled.Select(path => Guide.Lines(path))];
        (string Page, string[] Lines)[] blocks = [.. Guide.Pages.SelectMany(Guide.Blocks)];
        blocks.ShouldNotBeEmpty();
        blocks.Where(block => !sources.Any(source => Guide.Contains(source, block.Lines)))
            .Select(block => $"{block.Page}: {block.Lines[0]}")
            .ShouldBeEmpty($"these blocks stand in none of {string.Join(", ", Compiled)}");
    }

    [Fact]
    public void Links_in_the_guide_lead_somewhere() =>
        Guide.Pages.SelectMany(Guide.BrokenLinks).ShouldBeEmpty();

    [Fact]
    public void A_block_that_differs_in_one_word_is_found()
    {
        string[] source = ["{", "    int a = 1;", "", "    int b = a;", "}"];
        Guide.Contains(source, ["int a = 1;", "", "int b = a;"]).ShouldBeTrue();
        Guide.Contains(source, ["int a = 1;", "", "int b = 1;"]).ShouldBeFalse();
        Guide.Contains(source, ["int a = 1;", "    int b = a;"]).ShouldBeFalse();
    }

    /// <summary>The example, which <c>eng/accept</c> and <c>eng/packages</c> run, has about twenty lines.</summary>
    [Fact]
    public void The_example_is_short() =>
        Guide.Lines("examples/10-own-loop/Program.cs")
            .Count(line => line.Length > 0 && !line.StartsWith("using GradFlow", StringComparison.Ordinal)
                && !Regex.IsMatch(line, @"^\s*(//|[{}]|\}\);$)"))
            .ShouldBeLessThanOrEqualTo(26);
}
