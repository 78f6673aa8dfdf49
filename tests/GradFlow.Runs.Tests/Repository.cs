namespace GradFlow.Runs.Tests;

/// <summary>Files of the repository that tests hold to what they say.</summary>
internal static class Repository
{
    internal static string File(string path) => Path.Combine(Root(), path);

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, "GradFlow.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("no GradFlow.slnx above the tests");
    }
}
