using GradFlow.Companion.Tests;
using GradFlow.Runs;

[assembly: AssemblyFixture(typeof(TorchTrainings))]

namespace GradFlow.Companion.Tests;

/// <summary>The companion's trainings, run once for all tests.</summary>
public sealed class TorchTrainings : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-companion-");
    private readonly Lazy<string> _output;

    public TorchTrainings() => _output = new Lazy<string>(Train);

    /// <summary>Where logs lie, and the data and first weights of those that can be trained elsewhere.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The log of a training.</summary>
    public Run Load(string name)
    {
        Python.Require();
        File.Exists(PathOf(name, "jsonl")).ShouldBeTrue(_output.Value);
        return RunReader.Load(PathOf(name, "jsonl"));
    }

    public string PathOf(string name, string kind)
    {
        _ = _output.Value;
        return Path.Combine(Folder, $"{name}.{kind}");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Train()
    {
        (int exitCode, string output) = Python.Run(Path.Combine("tests", "trainings.py"), Folder);
        exitCode.ShouldBe(0, output);
        return output;
    }
}
