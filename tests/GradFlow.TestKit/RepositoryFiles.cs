namespace GradFlow.TestKit;

/// <summary>The repository that the tests were built from, as files, and the data that lies beside it.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds GradFlow.slnx, found by walking up from the test's own output.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// Where data that is too large for the repository lies: beside it, or where the environment variable
    /// GRADFLOW_SHARED says.
    /// </summary>
    public static string SharedData => Path.Combine(
        Environment.GetEnvironmentVariable("GRADFLOW_SHARED") ?? Path.Combine(Root, "..", "shared"), "data");

    /// <summary>A file of the repository by its path from the root.</summary>
    public static string At(params string[] path) => Path.Combine([Root, .. path]);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GradFlow.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException(
            "no folder above the tests holds GradFlow.slnx");
    }
}
