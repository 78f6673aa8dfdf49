namespace GradFlow.Repair.Tests;

/// <summary>Files of the repository that tests hold to what they say.</summary>
internal static class Repository
{
    public static string Expectation(string name) => Path.Combine(Root(), "tests", "GradFlow.Repair.Tests", "Expectations", name);

    public static string RemedyPage(string name) => Path.Combine(Root(), "docs", "remedies", name + ".md");

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "GradFlow.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("no GradFlow.slnx above the tests");
    }
}
