using GradFlow.Runs;

namespace GradFlow.Report;

/// <summary>
/// The page of a run: one HTML file with everything in it, which opens from disk and asks no network for anything.
/// </summary>
public static class ReportPage
{
    /// <summary>Renders the page of a run.</summary>
    /// <param name="run">The run as it was given to the doctor.</param>
    /// <param name="repaired">The repaired training's run, drawn beside it; null if there is none.</param>
    /// <returns>The HTML document. Long runs are thinned for it; see <see cref="PageThinning"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="run"/> is null.</exception>
    public static string Render(Run run, Run? repaired = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        string page = PageFile.Fill(PageFile.ReadTemplate(), "run", RunJson.Serialize(PageThinning.Thin(run)));
        return repaired is null
            ? page
            : PageFile.Fill(page, "repaired", RunJson.Serialize(PageThinning.Thin(repaired)));
    }

    /// <summary>
    /// Writes the page of a run. The file appears whole or not at all: an earlier one stays until the new one is ready.
    /// </summary>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="run">The run as it was given to the doctor.</param>
    /// <param name="repaired">The repaired training's run, drawn beside it; null if there is none.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, Run run, Run? repaired = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PageFile.Write(path, Render(run, repaired));
    }
}
