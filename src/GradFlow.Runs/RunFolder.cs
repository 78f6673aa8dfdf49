using System.Globalization;
using System.Text.RegularExpressions;

namespace GradFlow.Runs;

/// <summary>Where the parts of a run lie: a folder named by its beginning and its experiment.</summary>
public sealed partial class RunFolder
{
    private const int LongestSlug = 60;

    private RunFolder(string path) => Path = path;

    /// <summary>The folder itself.</summary>
    public string Path { get; }

    /// <summary>The resolved experiment file, so that the run can be run again.</summary>
    public string Experiment => In("experiment.yaml");

    /// <summary>The recorded run.</summary>
    public string Database => In("run.db");

    /// <summary>The page.</summary>
    public string Report => In("report.html");

    /// <summary>The experiment file with the remedies in it.</summary>
    public string RepairedExperiment => In("repaired.yaml");

    /// <summary>The trained weights, with what a resume needs.</summary>
    public string Checkpoint => In("checkpoint.safetensors");

    /// <summary>The weights that the training began with, where not all were drawn; it may not exist.</summary>
    public string Start => In("start.safetensors");

    /// <summary>The repaired experiment's run, a folder of the same shape inside this one; it may not exist.</summary>
    public RunFolder Repaired => new(In("repaired"));

    /// <summary>A folder that exists, or is about to.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The folder; nothing is made or checked.</returns>
    public static RunFolder At(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new RunFolder(path);
    }

    /// <summary>
    /// Makes a new folder <c>yyyyMMdd-HHmmss-name</c> (UTC); where that exists, with <c>-2</c>, <c>-3</c> … behind.
    /// </summary>
    /// <param name="root">The folder that runs are kept in; made where it is missing.</param>
    /// <param name="name">The experiment's name; what is no letter or digit of ASCII becomes a dash.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <returns>The folder, empty, and no other process's.</returns>
    public static RunFolder Create(string root, string name, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentNullException.ThrowIfNull(name);
        Directory.CreateDirectory(root);
        DateTimeOffset now = (time ?? TimeProvider.System).GetUtcNow();
        string stamp = now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string first = System.IO.Path.Combine(root, $"{stamp}-{Slug(name)}");
        string path = first;
        for (int number = 2; !TryMake(path); number++) path = $"{first}-{number}";
        return new RunFolder(path);
    }

    // Making a folder succeeds where it exists already, so a file that only one process can create decides whose it is.
    private static bool TryMake(string path)
    {
        string claim = path + ".claim";
        try
        {
            using var _ = new FileStream(
                claim, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            if (Directory.Exists(path)) return false;
            Directory.CreateDirectory(path);
            return true;
        }
        catch (IOException) when (File.Exists(claim) || Directory.Exists(path))
        {
            // Another process claims it, or has made it since.
            return false;
        }
    }

    private static string Slug(string name)
    {
        string slug = NotOfSlug().Replace(name.ToLowerInvariant(), "-").Trim('-');
        if (slug.Length > LongestSlug) slug = slug[..LongestSlug].TrimEnd('-');
        return slug.Length == 0 ? "run" : slug;
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotOfSlug();

    private string In(string file) => System.IO.Path.Combine(Path, file);
}
