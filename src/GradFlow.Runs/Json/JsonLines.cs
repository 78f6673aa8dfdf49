using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GradFlow.Runs;

/// <summary>
/// The records of a run as text, one JSON object a line, the way in which other frameworks write a run for us. Each
/// line's <c>record</c> says what it is; docs/schema/run-jsonl.md lists every field.
/// </summary>
public static partial class JsonLines
{
    internal const string Tag = "record";

    /// <summary>Writes a run, the header first.</summary>
    /// <param name="run">The run.</param>
    /// <param name="writer">Where to; left open.</param>
    public static void Write(Run run, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(writer);
        Write(RecordKinds.Header, run.Header, writer);
        if (run.Forecast is { } forecast) Write(RecordKinds.Forecast, forecast, writer);
        foreach (StepRecord step in run.Steps) Write(RecordKinds.Step, step, writer);
        foreach (Frame frame in run.Frames) Write(RecordKinds.Frame, frame, writer);
        foreach (Evaluation evaluation in run.Evaluations) Write(RecordKinds.Evaluation, evaluation, writer);
        if (run.NonFinite is { } origin) Write(RecordKinds.NonFinite, origin, writer);
        if (run.Diagnosis is { } diagnosis) Write(RecordKinds.Diagnosis, diagnosis, writer);
        if (run.Repair is { } repair) Write(RecordKinds.Repair, repair, writer);
        if (run.ByLength is { } lengths) Write(RecordKinds.ByLength, lengths, writer);
        if (run.Order is { } order) Write(RecordKinds.Order, order, writer);
        if (run.End is { } end) Write(RecordKinds.End, end, writer);
    }

    /// <summary>Reads a run. A last line that a killed writer left unfinished is passed over.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The run; every array fits the tables of its structure.</returns>
    /// <exception cref="InvalidRunException">
    /// The file is missing, or a line is no valid record; the message names the line and what was expected.
    /// </exception>
    public static Run Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new InvalidRunException($"{path}: no such file; expected a JSON-lines run");
        var records = new RunRecords();
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                Add(document.RootElement, records, $"{path}, line {number}");
            }
            catch (JsonException) when (reader.EndOfStream && !EndsWithNewline(stream))
            {
                break;
            }
            catch (JsonException error)
            {
                throw new InvalidRunException(
                    $"{path}, line {number}: no JSON ({Reason(error)}); expected one object a line, and numbers that "
                        + $"are not finite as the strings {NumberConverter.Names}",
                    error);
            }
        }
        return records.Build() ?? throw new InvalidRunException(
            $"{path}: no records; expected JSON lines, the first a header ({{\"{Tag}\":\"{RecordKinds.Header}\",…}})");
    }

    private static void Write<T>(string kind, T record, TextWriter writer)
        where T : class
    {
        var line = (JsonObject)JsonSerializer.SerializeToNode(record, RunJson.Options)!;
        line.Insert(0, Tag, kind);
        writer.Write(line.ToJsonString(RunJson.Options));
        writer.Write('\n');
    }

    private static void Add(JsonElement line, RunRecords records, string where)
    {
        try
        {
            if (line.ValueKind != JsonValueKind.Object) throw new InvalidDataException("expected a JSON object");
            if (!line.TryGetProperty(Tag, out JsonElement tag) || tag.ValueKind != JsonValueKind.String)
                throw new InvalidDataException($"no \"{Tag}\"; expected it to name one of {RunRecords.KnownKinds}");
            records.Add(tag.GetString()!, line);
        }
        catch (JsonException error)
        {
            string field = error.Path is null or "$" ? "" : $"{error.Path.TrimStart('$', '.')}: ";
            throw new InvalidRunException($"{where}: {field}{Reason(error)}", error);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidRunException($"{where}: {error.Message}", error);
        }
    }

    // Every complete line ends with one, so a last line without it was being written when the writer was killed.
    private static bool EndsWithNewline(FileStream stream)
    {
        stream.Seek(-1, SeekOrigin.Current);
        return stream.ReadByte() == '\n';
    }

    private static string Reason(JsonException error)
    {
        string reason = error.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0].ReplaceLineEndings(" ").TrimEnd(
            '.');
        // The runtime names the types that records are read into, which mean nothing to who writes a log.
        if (Missing().Match(reason) is { Success: true } missing)
            return missing.Groups[1].Value.Replace(
                '\'', '"') + " missing; docs/schema/run-jsonl.md says what is required";
        if (Null().Match(reason) is { Success: true } nothing)
            return $"\"{JsonNamingPolicy.CamelCase.ConvertName(nothing.Groups[1].Value)}\" is null; expected a value";
        return reason.Contains("could not be converted to", StringComparison.Ordinal)
            ? "a value of another kind than docs/schema/run-jsonl.md asks for"
            : reason;
    }

    [GeneratedRegex("missing required properties including: (.*)$")]
    private static partial Regex Missing();

    [GeneratedRegex("parameter '(\\w+)' on type '.*' doesn't allow null")]
    private static partial Regex Null();
}
