using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>A run that was read from a place.</summary>
/// <param name="Path">The place as the user named it: a run folder, a run.db or a .jsonl file.</param>
/// <param name="Run">The run.</param>
internal sealed record RecordedRun(string Path, Run Run)
{
    /// <summary>Where its page lies, or will.</summary>
    public string Report => IsFolder || IsNamedRun
        ? RunFolder.At(Folder).Report
        : System.IO.Path.ChangeExtension(Path, ".html");

    private bool IsFolder => Directory.Exists(Path);

    private bool IsNamedRun => System.IO.Path.GetFileNameWithoutExtension(Path) == "run";

    private string Folder =>
        IsFolder ? Path : System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } parent ? parent : ".";

    /// <summary>Reads a run.</summary>
    /// <exception cref="InvalidRunException">It can't be read.</exception>
    public static RecordedRun Load(string path)
    {
        if (path.Length == 0) throw new BadInputException("RUN is empty; expected a run folder, a run.db or a .jsonl");
        if (System.IO.Path.GetExtension(path) is ".yaml" or ".yml" && File.Exists(path))
            throw new BadInputException(
                $"{path}: an experiment file, and no run; "
                    + $"train it first (gradflow train {path}), and name its run folder");
        return new RecordedRun(path, RunReader.Load(path));
    }

    /// <summary>The repaired training's run beside it; null if there is none.</summary>
    public Run? LoadRepaired()
    {
        string repaired = RunFolder.At(Folder).Repaired.Database;
        return (IsFolder || IsNamedRun) && File.Exists(repaired) ? RunReader.Load(repaired) : null;
    }

    /// <summary>Keeps a diagnosis with the run, where it is a database that may be written.</summary>
    public void Store(DiagnosisResult diagnosis)
    {
        string database = IsFolder ? RunFolder.At(Path).Database : Path;
        if (!File.Exists(database)) return;
        try
        {
            using RunWriter writer = RunWriter.Open(database);
            writer.Set(diagnosis);
        }
        catch (Exception error) when (error is InvalidRunException or IOException or UnauthorizedAccessException)
        {
            // JSON lines, an archive that is read-only, or a training that goes on: judged all the same, but not kept.
        }
    }
}
