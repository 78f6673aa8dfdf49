using System.Text;
using System.Text.Unicode;

namespace GradFlow.Experiments;

/// <summary>Finds what isn't UTF-8 in files that should be.</summary>
internal static class Utf8Lines
{
    /// <summary>The first line that isn't UTF-8, from 1; null where all are.</summary>
    /// <param name="stream">The text; read from where it stands.</param>
    public static int? FirstWrong(Stream stream)
    {
        // Latin-1 has a character for every byte, and those of line ends are part of no other in UTF-8.
        using var reader = new StreamReader(stream, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        var lines = new BoundedLines(reader, int.MaxValue);
        for (int number = 1; lines.ReadLine() is { } line; number++)
            if (!Utf8.IsValid(Encoding.Latin1.GetBytes(line))) return number;
        return null;
    }
}
