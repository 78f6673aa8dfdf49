using System.CommandLine.Parsing;
using GradFlow.Cli.Commands;
using GradFlow.Experiments;
using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Cli.Tests;

/// <summary>The tour from the command line to the page.</summary>
public sealed class TourTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void A_quick_tour_ends_in_0_and_names_commands_that_exist()
    {
        string page = _scratch.At(Path.Combine("inside", "tour.html")), pictures = _scratch.At("pictures");
        Invocation invocation = Invocation.Of(
            "tour", "--quick", "--json", "--seed", "5", "--out", page, "--pictures", pictures);
        invocation.Code.ShouldBe(0, invocation.Error);
        Tour tour = RunJson.Deserialize<Tour>(invocation.Output);
        tour.Seed.ShouldBe(5);
        File.ReadAllText(page).ShouldContain(tour.Stops[0].Title);
        Directory.GetFiles(pictures).Select(file => Path.GetFileNameWithoutExtension(file)).Order()
            .ShouldBe(tour.Stops.SelectMany(stop => stop.Pictures).Select(picture => picture.Id).Order());
        tour.Stops.ShouldAllBe(stop => CanBeTyped(stop.Deeper));
    }

    [Fact]
    public void Only_commands_that_exist_can_be_typed()
    {
        CanBeTyped("gradflow doctor examples/01-deep-sigmoid.yaml").ShouldBeTrue();
        CanBeTyped("gradflow doctor examples/99-nothing.yaml").ShouldBeFalse();
        CanBeTyped("gradflow cure examples/01-deep-sigmoid.yaml").ShouldBeFalse();
    }

    [Fact]
    public void A_tour_takes_no_file_and_wants_a_place_for_its_page()
    {
        Invocation.Of("tour", "net.yaml").ErrorLines.ShouldHaveSingleItem().ShouldContain("'net.yaml' is one too many");
        Invocation.Of("tour", "--out", "").ErrorLines.ShouldHaveSingleItem().ShouldContain("--out is empty");
    }

    [Fact]
    public void A_tour_that_cannot_be_kept_is_refused_before_anything_is_trained()
    {
        string file = _scratch.At("tour.html"), folder = Path.GetDirectoryName(file)!;
        File.WriteAllText(file, "");
        Refusal("--out", folder).ShouldEndWith("a folder; expected a file");
        Refusal("--out", Path.Combine(file, "inside.html")).ShouldContain("cannot be written");
        Refusal("--pictures", file, "--out", _scratch.At(Path.Combine("new", "tour.html")))
            .ShouldEndWith("a file; expected a folder");
        Directory.GetFileSystemEntries(folder).ShouldBe([file]);
    }

    public void Dispose() => _scratch.Dispose();

    private static string Refusal(params string[] options)
    {
        Invocation invocation = Invocation.Of(["tour", .. options]);
        invocation.Code.ShouldBe(2);
        return invocation.ErrorLines.ShouldHaveSingleItem();
    }

    /// <summary>Whether the verb is one of ours, and the file one of the repository that it can read.</summary>
    private static bool CanBeTyped(string command)
    {
        string[] words = [.. CommandLineParser.SplitCommandLine(command)];
        Verb? verb = new CommandLine().Verbs.FirstOrDefault(verb => words[0] == "gradflow" && verb.Name == words[1]);
        string file = RepositoryFiles.At(words[2].Split('/'));
        return verb is not null && words.Length == 3 && File.Exists(file) && ExperimentFile.Read(file).Model.Count > 0;
    }
}
