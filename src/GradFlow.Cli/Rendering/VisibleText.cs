using System.Buffers;
using System.Text;

namespace GradFlow.Cli.Rendering;

/// <summary>
/// A text that a net wrote, as a terminal shows it without doing what it says: control characters are written out,
/// other than tabs and line ends, and so are bytes that are no UTF-8, as in <c>\x1b</c>.
/// </summary>
internal static class VisibleText
{
    /// <summary>Bytes as characters, each as soon as its last byte is known.</summary>
    public static IEnumerable<string> Decode(IEnumerable<byte> bytes)
    {
        var open = new List<byte>();
        foreach (byte next in bytes)
        {
            open.Add(next);
            while (Take(open) is { } piece) yield return piece;
        }
        foreach (byte stray in open) yield return Escaped(stray);
    }

    /// <summary>A text that comes piece by piece; a carriage return waits for what follows it.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> pieces)
    {
        string held = "";
        foreach (string piece in pieces)
        {
            string text = held + piece;
            held = text.EndsWith('\r') ? "\r" : "";
            if (Of(text[..^held.Length]) is { Length: > 0 } shown) yield return shown;
        }
        if (held.Length > 0) yield return Of(held);
    }

    /// <summary>A whole text.</summary>
    public static string Of(string text) => string.Concat(text.Select((c, i) =>
        c is '\n' or '\t' || (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n') || !char.IsControl(c)
            ? c.ToString()
            : Escaped(c)));

    /// <summary>Takes the first character, or the first byte of none; null where more bytes have to come.</summary>
    private static string? Take(List<byte> open)
    {
        OperationStatus status = Rune.DecodeFromUtf8([.. open], out Rune rune, out int length);
        if (status == OperationStatus.NeedMoreData) return null;
        bool isCharacter = status == OperationStatus.Done;
        string piece = isCharacter ? rune.ToString() : Escaped(open[0]);
        open.RemoveRange(0, isCharacter ? length : 1);
        return piece;
    }

    private static string Escaped(int code) => $@"\x{code:x2}";
}
