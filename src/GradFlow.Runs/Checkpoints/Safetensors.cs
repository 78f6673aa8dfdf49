using System.Buffers.Binary;
using System.Text.Json;

namespace GradFlow.Runs;

/// <summary>Named arrays with text about them: the contents of a safetensors file.</summary>
/// <param name="Arrays">The arrays, in the order of the file.</param>
/// <param name="Metadata">Text by name; empty if there is none.</param>
public sealed record Checkpoint(IReadOnlyList<PackedArray> Arrays, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The array of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The array.</returns>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public PackedArray this[string name] => Arrays.FirstOrDefault(array => array.Name == name)
        ?? throw new InvalidDataException($"no array {name}; expected it among the checkpoint's {Arrays.Count}");
}

/// <summary>
/// Checkpoints in the safetensors format, which PyTorch's and other readers know: 8 bytes of header length
/// (little-endian), a JSON header that gives each array's <c>dtype</c>, <c>shape</c> and <c>data_offsets</c>, and the
/// arrays' bytes without gaps.
/// </summary>
public static class Safetensors
{
    private const string MetadataKey = "__metadata__";
    private const int LongestHeader = 100_000_000;
    private const int Alignment = 8;

    /// <summary>Writes a checkpoint. It appears under its name whole or not at all, in place of an older one.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="arrays">The arrays; names differ.</param>
    /// <param name="metadata">Text by name; none by default.</param>
    /// <exception cref="ArgumentException">Two arrays share a name, or bytes do not fit the shape.</exception>
    /// <exception cref="IOException">It can't be written; nothing of it stays, and an older one does.</exception>
    public static void Write(
        string path, IReadOnlyList<PackedArray> arrays, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(arrays);
        byte[] header = Header(arrays, metadata);
        string unfinished = path + ".part";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
                Write(stream, header, arrays);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // On a full disk, what is left of it would take the room that is needed.
            File.Delete(unfinished);
            throw;
        }
    }

    private static void Write(FileStream stream, byte[] header, IReadOnlyList<PackedArray> arrays)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (PackedArray array in arrays) stream.Write(array.Bytes.Span);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its arrays and its text.</returns>
    /// <exception cref="InvalidRunException">The file is missing, cut off, or no safetensors file.</exception>
    public static Checkpoint Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new InvalidRunException($"{path}: no such file; expected a checkpoint");
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
            using JsonDocument header = ReadHeader(stream);
            return ReadArrays(stream, header.RootElement);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or IOException)
        {
            string reason = error.Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new InvalidRunException($"{path}: no valid safetensors file ({reason}); write it again", error);
        }
    }

    private static byte[] Header(IReadOnlyList<PackedArray> arrays, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 }) WriteMetadata(json, metadata);
            var names = new HashSet<string> { MetadataKey };
            long offset = 0;
            foreach (PackedArray array in arrays)
            {
                if (!names.Add(array.Name)) throw new ArgumentException($"array {array.Name}: this name is taken");
                WriteEntry(json, array, ref offset);
            }
            json.WriteEndObject();
        }
        // Spaces fill the header up, so that every array of 8-byte elements that follows others of them is aligned.
        while (buffer.Length % Alignment != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(MetadataKey);
        foreach ((string name, string text) in metadata) json.WriteString(name, text);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, PackedArray array, ref long offset)
    {
        if (PackedArray.SizeOf(array.Type, array.Shape) != array.Bytes.Length)
        {
            string shape = string.Join("x", array.Shape);
            throw new ArgumentException(
                $"array {array.Name}: {array.Bytes.Length} bytes do not fit {array.Type} of [{shape}]");
        }
        json.WriteStartObject(array.Name);
        json.WriteString("dtype", array.Type.ToString());
        json.WriteStartArray("shape");
        foreach (int extent in array.Shape) json.WriteNumberValue(extent);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset += array.Bytes.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static JsonDocument ReadHeader(FileStream stream)
    {
        Span<byte> start = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(start);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > LongestHeader || length > (ulong)(stream.Length - stream.Position))
            throw new InvalidDataException($"header of {length} bytes in a file of {stream.Length}");
        byte[] header = new byte[length];
        stream.ReadExactly(header);
        JsonDocument document = JsonDocument.Parse(header);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document
            : throw new InvalidDataException("the header is no JSON object");
    }

    private static Checkpoint ReadArrays(FileStream stream, JsonElement header)
    {
        var metadata = new Dictionary<string, string>();
        var entries = new List<SafetensorsEntry>();
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (property.Name == MetadataKey)
                metadata = property.Value.Deserialize<Dictionary<string, string>>(RunJson.Options) ?? metadata;
            else
                entries.Add(SafetensorsEntry.Read(property));
        }
        long start = stream.Position, offset = 0;
        var arrays = new List<PackedArray>();
        foreach (SafetensorsEntry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != offset || entry.End > stream.Length - start)
                throw new InvalidDataException(
                    $"array {entry.Name} lies at {entry.Begin} to {entry.End}; "
                        + $"expected it at {offset}, in {stream.Length - start} bytes");
            byte[] bytes = new byte[entry.End - entry.Begin];
            stream.ReadExactly(bytes);
            arrays.Add(new PackedArray(entry.Name, entry.Type, entry.Shape, bytes));
            offset = entry.End;
        }
        if (stream.Position != stream.Length)
            throw new InvalidDataException($"{stream.Length - stream.Position} bytes after the last array");
        return new Checkpoint(arrays, metadata);
    }
}
