using System.Text.Json.Nodes;
using GradFlow.TestKit;
using YamlDotNet.RepresentationModel;

namespace GradFlow.Experiments.Tests;

public sealed class SchemaTests
{
    private static readonly string Folder = RepositoryFiles.At("docs", "schema");

    /// <summary>With GRADFLOW_UPDATE=1, the file is written anew instead.</summary>
    [Fact]
    public void The_published_schema_is_that_of_the_types()
    {
        string path = Path.Combine(Folder, "experiment.schema.json");
        if (Environment.GetEnvironmentVariable("GRADFLOW_UPDATE") == "1")
            System.IO.File.WriteAllText(path, ExperimentSchema.Generate());

        System.IO.File.ReadAllText(path).ShouldBe(ExperimentSchema.Generate());
    }

    [Fact]
    public void Files_that_are_read_fit_the_schema()
    {
        IEnumerable<string> written = Samples.Recipes.Append(Samples.Everything).Select(ExperimentFile.Write);
        foreach (string text in written.Append(Samples.Small).Concat(Examples()))
            Problem(text).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(BadModelTests.Models), MemberType = typeof(BadModelTests))]
    public void Models_that_are_refused_do_not_fit_the_schema_unless_for_their_size(string model, string message)
    {
        bool isTooLarge = message.StartsWith("'model' has", StringComparison.Ordinal);

        string? problem = Problem(
            $"name: m\ndata: strokes\nloss: mse\noptimizer: sgd\ntraining: {{ epochs: 1 }}\nmodel: {model}");

        (problem is null).ShouldBe(isTooLarge);
    }

    [Fact]
    public void Examples_are_read_and_point_to_the_schema()
    {
        foreach (string file in ExampleFiles())
        {
            string text = System.IO.File.ReadAllText(file),
                up = Path.GetRelativePath(Path.GetDirectoryName(file)!, Folder);
            text.ShouldStartWith($"# yaml-language-server: $schema={up}/experiment.schema.json\n", customMessage: file);
            ExperimentFile.Parse(ExperimentFile.Write(ExperimentFile.Parse(text, "f")), "f")
                .ShouldBe(ExperimentFile.Parse(text, "f"));
        }
    }

    private static IEnumerable<string> Examples() => ExampleFiles().Select(System.IO.File.ReadAllText);

    private static IEnumerable<string> ExampleFiles() =>
        new[] { RepositoryFiles.At("examples"), RepositoryFiles.At("examples", "published") }
            .SelectMany(folder => Directory.GetFiles(folder, "*.yaml"));

    private static string? Problem(string yaml)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(yaml));
        return new SchemaCheck(JsonNode.Parse(ExperimentSchema.Generate())!).FindProblem(stream.Documents[0].RootNode);
    }
}
