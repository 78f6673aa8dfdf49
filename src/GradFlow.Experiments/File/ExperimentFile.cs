using System.Text;

namespace GradFlow.Experiments;

/// <summary>The experiment file: YAML (and so JSON) in, records out, and back.</summary>
public static class ExperimentFile
{
    private const int MaxBytes = 1_000_000;
    private const string TooLarge = "is larger than 1,000,000 bytes; no experiment is";

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads an experiment from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidExperimentException">It is missing, unreadable or not an experiment.</exception>
    public static Experiment Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(ReadText(path), path);
    }

    /// <summary>Reads an experiment from text.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="fileName">The name that error messages give it.</param>
    /// <exception cref="InvalidExperimentException">It is not an experiment.</exception>
    public static Experiment Parse(string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(fileName);
        if (text.Length > MaxBytes)
            throw new InvalidExperimentException(fileName, null, TooLarge);
        if (text.AsSpan().ContainsAnyInRange('\0', '\b'))
            throw new InvalidExperimentException(fileName, null, "is not text; expected YAML");
        return new SpecBinder(fileName).Bind<Experiment>(YamlNodes.Read(text, fileName));
    }

    /// <summary>Writes YAML that reads back as an equal experiment, with the defaults that matter told.</summary>
    /// <param name="experiment">The experiment.</param>
    public static string Write(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return YamlText.Document((MappingNode)new SpecRenderer().Render(experiment));
    }

    /// <summary>The same experiment for a file elsewhere: relative paths still lead to the same place.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="fromFolder">The folder that its paths are relative to.</param>
    /// <param name="toFolder">The folder that they shall be relative to.</param>
    public static Experiment Rebase(Experiment experiment, string fromFolder, string toFolder)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        string Moved(string path) => Path.IsPathRooted(path)
            ? path
            : Path.GetRelativePath(Path.GetFullPath(toFolder), Path.GetFullPath(path, Path.GetFullPath(fromFolder)))
                .Replace('\\', '/');
        DataSpec? MovedData(DataSpec? spec) =>
            spec is IReadsFile { Path: { } path } data ? data.ReadingFrom(Moved(path)) : spec;
        TrainingSpec training = experiment.Training;
        return experiment with
        {
            Data = MovedData(experiment.Data)!,
            Training = training with
            {
                StartFrom = training.StartFrom is { } start ? Moved(start) : null,
                Pretrain = training.Pretrain is { } pretrain ? pretrain with { Data = MovedData(pretrain.Data) } : null,
            },
        };
    }

    private static string ReadText(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidExperimentException(path, null, "is a folder; expected an experiment file");
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[MaxBytes + 1];
            int count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (count > MaxBytes)
                throw new InvalidExperimentException(path, null, TooLarge);
            string text = StrictUtf8.GetString(bytes, 0, count);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidExperimentException(path, null, "no such file; expected an experiment file", e);
        }
        catch (DecoderFallbackException e)
        {
            using FileStream again = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            throw new InvalidExperimentException(
                path, Utf8Lines.FirstWrong(again), "is not UTF-8 text; expected YAML", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InvalidExperimentException(path, null, "can't be read: " + e.Message, e);
        }
    }
}
