namespace GradFlow.Experiments.Tests;

/// <summary>Where data that is too large for the repository lies: beside it, or where GRADFLOW_SHARED says.</summary>
internal static class SharedData
{
    public static string Folder => Path.Combine(
        Environment.GetEnvironmentVariable("GRADFLOW_SHARED") ?? Path.Combine(RepositoryRoot, "..", "shared"), "data");

    public static string RepositoryRoot
    {
        get
        {
            DirectoryInfo folder = new(AppContext.BaseDirectory);
            while (!System.IO.File.Exists(Path.Combine(folder.FullName, "GradFlow.slnx")))
                folder = folder.Parent ?? throw new DirectoryNotFoundException("GradFlow.slnx is in no folder above");
            return folder.FullName;
        }
    }
}
