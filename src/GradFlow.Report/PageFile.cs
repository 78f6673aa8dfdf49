using System.Text;

namespace GradFlow.Report;

/// <summary>The page's one HTML file: a template with places for records, and how it gets onto the disk.</summary>
internal static class PageFile
{
    /// <summary>The template with nothing in its places.</summary>
    public static string ReadTemplate()
    {
        using Stream stream = typeof(PageFile).Assembly.GetManifestResourceStream("page.html")
            ?? throw new InvalidOperationException("This build of GradFlow.Report has no page in it.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The page with records in one of its places.</summary>
    /// <param name="page">The page.</param>
    /// <param name="id">The place.</param>
    /// <param name="json">The records as RunJson writes them: without a '&lt;', so no name ends the element.</param>
    public static string Fill(string page, string id, string json)
    {
        string opening = $"<script type=\"application/json\" id=\"{id}\">";
        int at = page.IndexOf(opening, StringComparison.Ordinal);
        if (at < 0) throw new InvalidOperationException($"The page's template has no place for '{id}'.");
        int from = at + opening.Length, to = page.IndexOf("</script>", from, StringComparison.Ordinal);
        return string.Concat(page.AsSpan(0, from), json, page.AsSpan(to));
    }

    /// <summary>Writes a page whole or not at all: an earlier one stays until the new one is ready.</summary>
    public static void Write(string path, string page)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string unfinished = full + ".unfinished";
        File.WriteAllText(unfinished, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(unfinished, full, overwrite: true);
    }
}
