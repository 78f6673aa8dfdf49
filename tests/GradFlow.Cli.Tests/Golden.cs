using System.Text;
using GradFlow.TestKit;

namespace GradFlow.Cli.Tests;

/// <summary>
/// Text that people have read and approved, in Expectations/. With GRADFLOW_ACCEPT=1 what is printed now is written
/// there, to be read in the diff.
/// </summary>
internal static class Golden
{
    internal static string Folder { get; } =
        Path.Combine(RepositoryFiles.Root, "tests", "GradFlow.Cli.Tests", "Expectations");

    internal static void ShouldBe(string name, string text)
    {
        string path = Path.Combine(Folder, name + ".txt"), shown = Normalize(text);
        if (Environment.GetEnvironmentVariable("GRADFLOW_ACCEPT") == "1") File.WriteAllText(path, shown);
        File.Exists(path).ShouldBeTrue($"{path} is missing; make it with GRADFLOW_ACCEPT=1");
        shown.ShouldBe(File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    /// <summary>Without the spaces that tables end their lines with.</summary>
    private static string Normalize(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd(' '));
        return new StringBuilder().AppendJoin('\n', lines).ToString().Trim('\n') + "\n";
    }
}
