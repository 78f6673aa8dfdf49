using System.Buffers.Binary;
using System.IO.Compression;

namespace GradFlow.Experiments;

/// <summary>Reads LeCun's IDX files of bytes, plain or gzipped.</summary>
internal static class IdxFile
{
    private const int ImagesMagic = 0x803, LabelsMagic = 0x801;
    private const int MaxSide = 1024, MaxBytes = 1 << 28;

    public static (byte[] Pixels, int Count, int Height, int Width) ReadImages(string path) => Read(path, stream =>
    {
        int[] header = ReadHeader(path, stream, ImagesMagic, "images", 4);
        (int count, int height, int width) = (header[1], header[2], header[3]);
        bool possible = count > 0 && height is > 0 and <= MaxSide && width is > 0 and <= MaxSide;
        if (!possible || (long)count * height * width > MaxBytes)
            throw Bad(path, $"claims {count:N0} images of {height:N0}×{width:N0} pixels; expected at least one, up to "
                + $"{MaxSide}×{MaxSide} pixels and {MaxBytes:N0} bytes in all");
        return (ReadRest(path, stream, count * height * width, $"{count:N0} images"), count, height, width);
    });

    public static byte[] ReadLabels(string path) => Read(path, stream =>
    {
        int count = ReadHeader(path, stream, LabelsMagic, "labels", 2)[1];
        return count is < 1 or > MaxBytes
            ? throw Bad(path, $"claims {count:N0} labels; expected at least one")
            : ReadRest(path, stream, count, $"{count:N0} labels");
    });

    private static T Read<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using FileStream file = System.IO.File.OpenRead(path);
            using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file;
            return read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidExperimentException(path, null, "is not a whole gzip file; download it again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidExperimentException(path, null, "can't be read: " + e.Message, e);
        }
    }

    private static int[] ReadHeader(string path, Stream stream, int magic, string what, int words)
    {
        byte[] bytes = new byte[4 * words];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
            throw Bad(path, $"ends within its header; expected an IDX file of {what}");
        int[] header = [.. bytes.Chunk(4).Select(word => BinaryPrimitives.ReadInt32BigEndian(word))];
        return header[0] == magic
            ? header
            : throw Bad(path, $"begins with 0x{header[0]:x8}; expected 0x{magic:x8}, an IDX file of {what}");
    }

    private static byte[] ReadRest(string path, Stream stream, int length, string claimed)
    {
        byte[] data = new byte[length];
        int read = stream.ReadAtLeast(data, length, throwOnEndOfStream: false);
        if (read < length)
            throw Bad(path, $"is truncated: its header claims {claimed} ({length:N0} bytes), but {read:N0} "
                + "bytes follow");
        return stream.ReadByte() < 0
            ? data
            : throw Bad(path, $"is longer than its header claims: {claimed} ({length:N0} bytes)");
    }

    private static InvalidExperimentException Bad(string path, string problem) => new(path, null, problem);
}
