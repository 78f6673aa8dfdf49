namespace GradFlow.Runs.Tests;

/// <summary>A folder of a test's own, gone when the test ends.</summary>
public abstract class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-");

    protected string Folder => _folder.FullName;

    protected string In(string name) => Path.Combine(Folder, name);

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
