namespace GradFlow.Experiments;

/// <summary>Opens files that data lie in.</summary>
internal static class DataFile
{
    /// <summary>Opens a regular file for reading.</summary>
    /// <param name="path">The file, or a link to it.</param>
    /// <param name="expected">What it should be, for errors.</param>
    /// <exception cref="InvalidExperimentException">It is missing, a folder, empty, or no regular file.</exception>
    public static FileStream Open(string path, string expected)
    {
        if (Directory.Exists(path))
            throw new InvalidExperimentException(path, null, $"is a folder; expected {expected}");
        try
        {
            // Devices and pipes, whose length is 0, are refused unopened: opening or reading one may never end.
            FileInfo file = new(path);
            if ((file.ResolveLinkTarget(returnFinalTarget: true) ?? file) is FileInfo { Exists: true, Length: 0 })
                throw new InvalidExperimentException(
                    path, null, $"is empty, or a device or pipe; expected {expected}");
            return System.IO.File.OpenRead(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidExperimentException(path, null, $"no such file; expected {expected}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidExperimentException(path, null, "can't be read: " + e.Message, e);
        }
    }
}
