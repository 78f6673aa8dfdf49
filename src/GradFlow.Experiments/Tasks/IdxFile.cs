using System.Buffers.Binary;
using System.IO.Compression;

namespace GradFlow.Experiments;

/// <summary>Reads LeCun's IDX files of bytes, plain or gzipped.</summary>
internal static class IdxFile
{
    private const int ImagesMagic = 0x803, LabelsMagic = 0x801;
    private const int MaxSide = 1024, MaxBytes = 1 << 28;
    private const string Images = "an IDX file of images", Labels = "an IDX file of labels";

    public static (byte[] Pixels, int Count, int Height, int Width) ReadImages(string path) => Read(
        path, Images, stream =>
    {
        uint[] header = ReadHeader(path, stream, ImagesMagic, Images, 4);
        (uint count, uint height, uint width) = (header[1], header[2], header[3]);
        bool possible = count > 0 && height is > 0 and <= MaxSide && width is > 0 and <= MaxSide;
        if (!possible || (ulong)count * height * width > MaxBytes)
            throw Bad(path, $"claims {Words.Count(count, "image")} of {height:N0}×{width:N0} pixels; "
                + $"expected at least one, up to {MaxSide}×{MaxSide} pixels and {MaxBytes:N0} bytes in all");
        byte[] pixels = ReadRest(path, stream, (int)(count * height * width), Words.Count(count, "image"));
        return (pixels, (int)count, (int)height, (int)width);
    });

    public static byte[] ReadLabels(string path) => Read(path, Labels, stream =>
    {
        uint count = ReadHeader(path, stream, LabelsMagic, Labels, 2)[1];
        return count is < 1 or > MaxBytes
            ? throw Bad(path, $"claims {Words.Count(count, "label")}; expected at least one, up to {MaxBytes:N0}")
            : ReadRest(path, stream, (int)count, Words.Count(count, "label"));
    });

    private static T Read<T>(string path, string expected, Func<Stream, T> read)
    {
        using FileStream file = DataFile.Open(path, expected);
        try
        {
            using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file;
            return read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidExperimentException(path, null, "is not a whole gzip file; download it again", e);
        }
        catch (IOException e)
        {
            throw new InvalidExperimentException(path, null, "can't be read: " + e.Message, e);
        }
    }

    private static uint[] ReadHeader(string path, Stream stream, int magic, string expected, int words)
    {
        byte[] bytes = new byte[4 * words];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
            throw Bad(path, $"ends within its header; expected {expected}");
        uint[] header = [.. bytes.Chunk(4).Select(word => BinaryPrimitives.ReadUInt32BigEndian(word))];
        return header[0] == magic
            ? header
            : throw Bad(path, $"begins with 0x{header[0]:x8}; expected 0x{magic:x8}, {expected}");
    }

    private static byte[] ReadRest(string path, Stream stream, int length, string claimed)
    {
        byte[] data = new byte[length];
        int read = stream.ReadAtLeast(data, length, throwOnEndOfStream: false);
        if (read < length)
            throw Bad(path, $"is truncated: its header claims {claimed} ({Words.Count(length, "byte")}), but "
                + $"{Words.Count(read, "byte")} {(read == 1 ? "follows" : "follow")}");
        return stream.ReadByte() < 0
            ? data
            : throw Bad(path, $"is longer than its header claims: {claimed} ({Words.Count(length, "byte")})");
    }

    private static InvalidExperimentException Bad(string path, string problem) => new(path, null, problem);
}
