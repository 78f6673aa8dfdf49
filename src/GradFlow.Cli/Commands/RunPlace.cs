using GradFlow.Runs;

namespace GradFlow.Cli.Commands;

/// <summary>A new run folder, which does not stay behind where nothing came to be recorded.</summary>
internal static class RunPlace
{
    /// <summary>Makes a run folder and works in it.</summary>
    /// <param name="root">The folder that runs are kept in.</param>
    /// <param name="name">The experiment's name.</param>
    /// <param name="time">The clock that names the folder.</param>
    /// <param name="work">What to do in it.</param>
    public static T Use<T>(string root, string name, TimeProvider time, Func<RunFolder, T> work)
    {
        if (root.Length == 0) throw new BadInputException("--out is empty; expected a folder for runs");
        bool isNewRoot = !Directory.Exists(root);
        RunFolder folder = Create(root, name, time);
        try
        {
            return work(folder);
        }
        catch
        {
            if (!File.Exists(folder.Database))
            {
                File.Delete(folder.Experiment);
                DeleteIfEmpty(folder.Path);
                if (isNewRoot) DeleteIfEmpty(root);
            }
            throw;
        }
    }

    private static RunFolder Create(string root, string name, TimeProvider time)
    {
        if (File.Exists(root)) throw new BadInputException($"--out is '{root}', a file; expected a folder for runs");
        try
        {
            return RunFolder.Create(root, name, time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--out is '{root}', where no folder can be made"
                + $"{Failure.Reason(error)}; expected a folder for runs that can be written");
        }
    }

    private static void DeleteIfEmpty(string folder)
    {
        if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }
}
