using GradFlow.Runs;

namespace GradFlow.Tests;

/// <summary>A folder for one test's runs, which goes when the test ends.</summary>
public sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gradflow-watch-").FullName;

    public IReadOnlyList<string> Runs => Directory.GetDirectories(Path);

    public Run TheRun() => RunReader.Load(Runs.ShouldHaveSingleItem());

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
