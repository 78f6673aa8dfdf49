namespace GradFlow.Cli.Commands;

/// <summary>Finds out before long work whether what comes of it can be kept where the user wants it.</summary>
internal static class Destination
{
    /// <summary>Refuses a place where no file can be written.</summary>
    /// <param name="verb">The verb, for the line that says so.</param>
    /// <param name="option">The option that names the file.</param>
    /// <param name="path">The file; it isn't made yet, nor are folders on its way.</param>
    public static void RequireFile(string verb, string option, string path)
    {
        if (Directory.Exists(path))
            throw new BadInputException($"gradflow {verb}: {option} is '{path}', a folder; expected a file");
        Inputs.WritePage(verb, $"{option} FILE", path, TryToWrite);
    }

    /// <summary>Refuses a folder that no files can be written into.</summary>
    /// <param name="verb">The verb, for the line that says so.</param>
    /// <param name="option">The option that names the folder.</param>
    /// <param name="path">The folder; it isn't made yet.</param>
    public static void RequireFolder(string verb, string option, string path)
    {
        if (File.Exists(path))
            throw new BadInputException($"gradflow {verb}: {option} is '{path}', a file; expected a folder");
        Inputs.WritePage(verb, $"{option} DIR", path, folder => TryToWrite(Path.Combine(folder, "file")));
    }

    private static void TryToWrite(string path)
    {
        string full = Path.GetFullPath(path), folder = Path.GetDirectoryName(full)!;
        string? made = FirstMissing(folder);
        try
        {
            Directory.CreateDirectory(folder);
            using FileStream file = File.Create(full + ".unfinished", 1, FileOptions.DeleteOnClose);
        }
        finally
        {
            if (made is not null && Directory.Exists(made)) Directory.Delete(made, recursive: true);
        }
    }

    private static string? FirstMissing(string folder)
    {
        string? missing = null;
        for (string? at = folder; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at)) missing = at;
        return missing;
    }
}
