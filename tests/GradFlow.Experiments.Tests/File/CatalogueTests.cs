using System.Reflection;
using System.Text.RegularExpressions;
using GradFlow.TestKit;

namespace GradFlow.Experiments.Tests;

/// <summary>Holds the guide's catalogue against what the experiment file accepts, both ways.</summary>
public sealed partial class CatalogueTests
{
    private const string Page = "catalogue.md";

    /// <summary>The catalogue that each heading of the page lists; several headings may share one.</summary>
    private static readonly Dictionary<string, Type> Catalogues = new()
    {
        ["Activations"] = typeof(LayerSpec),
        ["Layers"] = typeof(LayerSpec),
        ["Normalisation"] = typeof(LayerSpec),
        ["Skip paths"] = typeof(LayerSpec),
        ["Initialisation"] = typeof(InitSpec),
        ["Losses"] = typeof(LossSpec),
        ["Optimisers"] = typeof(OptimizerSpec),
        ["Regularisers"] = typeof(RegularizerSpec),
        ["Clipping"] = typeof(ClipSpec),
        ["Non-finite steps"] = typeof(NonFiniteSpec),
        ["Activation checkpointing"] = typeof(CheckpointingSpec),
        ["Schedules"] = typeof(ScheduleSpec),
        ["Tasks"] = typeof(DataSpec),
    };

    private static readonly IReadOnlyList<(string Heading, string Entry)> Lines = ReadPage();

    public static TheoryData<string> Headings => [.. Catalogues.Keys];

    [Theory]
    [MemberData(nameof(Headings))]
    public void Every_line_is_read_as_an_entry_of_its_catalogue(string heading)
    {
        string[] lines = LinesUnder(heading);

        lines.ShouldNotBeEmpty();
        foreach (string line in lines) NameOf(line).ShouldBe(Read(Catalogues[heading], line).EntryName);
    }

    [Fact]
    public void Every_name_that_a_file_may_use_has_a_line()
    {
        SpecTypes types = new();
        foreach (Type catalogue in typeof(CatalogueEntry).Assembly.GetTypes().Where(IsWholeCatalogue))
        {
            IEnumerable<string> listed = Catalogues.Where(c => c.Value == catalogue).SelectMany(c => LinesUnder(c.Key));

            listed.Select(NameOf).Distinct().Order(StringComparer.Ordinal)
                .ShouldBe(types.EntriesOf(catalogue).Keys, $"lines of docs/guide/{Page} for {catalogue.Name}");
        }
    }

    [Fact]
    public void Every_key_of_the_training_has_a_line_and_every_line_is_read()
    {
        string[] lines = LinesUnder("Training");

        lines.Select(NameOf).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(SpecType.Of(typeof(TrainingSpec)).Keys.Select(key => key.Name).Order(StringComparer.Ordinal));
        foreach (string line in lines)
            Bind<TrainingSpec>(NameOf(line) is "epochs" or "steps" ? line : $"epochs: 1\n{line}").ShouldNotBeNull();
    }

    [Fact]
    public void The_line_of_a_layer_that_reads_both_ways_names_all_that_can()
    {
        string line = System.IO.File.ReadLines(RepositoryFiles.At("docs", "guide", Page))
            .Single(line => line.Contains("bidirectional: true", StringComparison.Ordinal));

        Quoted().Matches(line).Select(name => name.Groups[1].Value).ShouldBe(
            new SpecTypes().EntriesOf(typeof(LayerSpec)).Where(e => e.Value.IsAssignableTo(typeof(RecurrentSpec)))
                .Select(e => e.Key),
            ignoreOrder: true);
    }

    [Fact]
    public void No_line_stands_twice_and_no_heading_is_of_something_else()
    {
        Lines.GroupBy(line => (Catalogues.GetValueOrDefault(line.Heading), line.Entry)).Where(
            group => group.Count() > 1)
            .ShouldBeEmpty();
        Lines.Select(line => line.Heading).Distinct().ShouldBe([.. Catalogues.Keys, "Training"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("no-such-layer")]
    [InlineData("linear: { width: 64 }")]
    public void A_line_that_the_reader_would_refuse_is_noticed(string line) =>
        Should.Throw<InvalidExperimentException>(() => Read(typeof(LayerSpec), line));

    private static bool IsWholeCatalogue(Type type) =>
        type.IsDefined(typeof(CatalogueAttribute)) && !type.BaseType!.IsDefined(typeof(CatalogueAttribute));

    private static string[] LinesUnder(string heading) =>
        [.. Lines.Where(line => line.Heading == heading).Select(line => line.Entry)];

    private static string NameOf(string entry) => entry.Split(':')[0];

    private static CatalogueEntry Read(Type catalogue, string line) => (CatalogueEntry)typeof(CatalogueTests)
        .GetMethod(nameof(ReadEntry), BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(catalogue)
        .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [line], null)!;

    private static CatalogueEntry ReadEntry<T>(string line)
        where T : CatalogueEntry => Bind<LineSpec<T>>($"entry:\n  {line}").Entry;

    private static T Bind<T>(string yaml)
        where T : notnull => new SpecBinder(Page).Bind<T>(YamlNodes.Read(yaml, Page));

    private static List<(string, string)> ReadPage()
    {
        List<(string, string)> lines = [];
        string heading = "";
        foreach (string line in System.IO.File.ReadLines(RepositoryFiles.At("docs", "guide", Page)))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) heading = line[3..];
            if (Row().Match(line) is { Success: true } row) lines.Add((heading, row.Groups[1].Value));
        }
        return lines;
    }

    [GeneratedRegex(@"^\| `([^`]+)` \| \S.* \|( \S.*)? \|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([a-z-]+)[`:]")]
    private static partial Regex Quoted();

    private sealed record LineSpec<T>
        where T : CatalogueEntry
    {
        public required T Entry { get; init; }
    }
}
