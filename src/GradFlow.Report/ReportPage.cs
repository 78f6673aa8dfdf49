using System.Text;
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
        string page = Fill(ReadTemplate(), "run", PageThinning.Thin(run));
        return repaired is null ? page : Fill(page, "repaired", PageThinning.Thin(repaired));
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
        string page = Render(run, repaired);
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string unfinished = full + ".unfinished";
        File.WriteAllText(unfinished, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(unfinished, full, overwrite: true);
    }

    private static string Fill(string page, string id, Run run)
    {
        string opening = $"<script type=\"application/json\" id=\"{id}\">";
        int at = page.IndexOf(opening, StringComparison.Ordinal);
        if (at < 0) throw new InvalidOperationException($"The page's template has no place for '{id}'.");
        int from = at + opening.Length, to = page.IndexOf("</script>", from, StringComparison.Ordinal);
        // RunJson writes no '<', so no name in it can end the element.
        return string.Concat(page.AsSpan(0, from), RunJson.Serialize(run), page.AsSpan(to));
    }

    private static string ReadTemplate()
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream("page.html")
            ?? throw new InvalidOperationException("This build of GradFlow.Report has no page in it.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
