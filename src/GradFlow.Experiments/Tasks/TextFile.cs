using System.Text;

namespace GradFlow.Experiments;

/// <summary>Reads a file of text as code points or as bytes.</summary>
internal static class TextFile
{
    private const int MaxBytes = 200_000_000;
    private const string Expected = "a file of text";

    /// <summary>
    /// The file's bytes, or where it is read by characters their code points, without a byte-order mark.
    /// </summary>
    /// <exception cref="InvalidExperimentException">
    /// It is missing, empty, too large, or read by characters and not UTF-8.
    /// </exception>
    public static int[] Read(string path, TextUnit unit)
    {
        byte[] bytes = ReadBytes(path);
        return unit == TextUnit.Byte ? Array.ConvertAll(bytes, b => (int)b) : Decode(path, bytes);
    }

    private static byte[] ReadBytes(string path)
    {
        using FileStream file = DataFile.Open(path, Expected);
        try
        {
            if (file.Length > MaxBytes)
                throw new InvalidExperimentException(
                    path, null, $"has {file.Length:N0} bytes; expected at most {MaxBytes:N0}");
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (IOException e)
        {
            throw new InvalidExperimentException(path, null, "can't be read: " + e.Message, e);
        }
    }

    private static int[] Decode(string path, byte[] bytes)
    {
        ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble, rest = bytes;
        if (rest.StartsWith(mark)) rest = rest[mark.Length..];
        var codePoints = new List<int>(rest.Length);
        int line = 1;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(rest, out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
                throw new InvalidExperimentException(
                    path, line, $"is not UTF-8 at byte {bytes.Length - rest.Length + 1:N0} (0x{rest[0]:x2}); "
                        + "expected UTF-8 text, or 'unit: byte'");
            codePoints.Add(rune.Value);
            if (rune.Value == '\n') line++;
            rest = rest[length..];
        }
        return [.. codePoints];
    }
}
