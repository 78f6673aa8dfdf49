using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace GradFlow.Runs;

/// <summary>Reads recorded runs, finished, killed or still being written.</summary>
public static class RunReader
{
    private static ReadOnlySpan<byte> SqliteMark => "SQLite format 3\0"u8;

    /// <summary>The run at a path, as far as it is committed.</summary>
    /// <param name="path">A run folder, its <c>run.db</c>, or a JSON-lines file (<see cref="JsonLines"/>).</param>
    /// <returns>The run; every array fits the tables of its structure.</returns>
    /// <exception cref="InvalidRunException">
    /// Nothing is there, or it is no run, damaged, cut off, or of a later format. The message is one line.
    /// </exception>
    public static Run Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Guard(path, () =>
        {
            string file = FileAt(path);
            return IsDatabase(file) ? LoadDatabase(file) : JsonLines.Read(file);
        });
    }

    internal static void RequireDatabase(string path)
    {
        if (!File.Exists(path)) throw new InvalidRunException($"{path}: no such file; expected the run.db of a run");
        if (!IsDatabase(path)) throw new InvalidRunException($"{path}: no SQLite database; expected a run.db");
    }

    internal static RunHeader Header(SqliteConnection connection, string path)
    {
        RunHeader header = RunDatabase.Record<RunHeader>(connection, RecordKinds.Header)
            ?? throw new InvalidRunException($"{path}: no header; the run ended before it began, record it again");
        Refuse(RunCheck.Problem(header.Structure), path);
        return header;
    }

    /// <summary>Turns every way in which reading a bad file ends into one.</summary>
    internal static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY)
        {
            throw new InvalidRunException($"{path}: another process is writing this run; try again later", error);
        }
        catch (SqliteException error)
            when (error.SqliteErrorCode is SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_FULL)
        {
            throw new InvalidRunException(
                $"{path}: cannot be written ({OneLine(error)}); expected a place that can be, with room on the disk",
                error);
        }
        catch (Exception error) when (error is SqliteException or JsonException or InvalidDataException)
        {
            throw new InvalidRunException(
                $"{path}: the run is damaged ({OneLine(error)}); use a copy, or record it again", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRunException($"{path}: cannot be read ({OneLine(error)})", error);
        }
    }

    // The database quotes what it has to say behind the number that it has for it.
    private static string OneLine(Exception error)
    {
        string message = error.Message.ReplaceLineEndings(" ").TrimEnd('.');
        return error is SqliteException ? message[(message.IndexOf('\'') + 1)..].TrimEnd('\'') : message;
    }

    private static string FileAt(string path)
    {
        if (File.Exists(path)) return path;
        if (!Directory.Exists(path))
            throw new InvalidRunException(
                $"{path}: no such file or folder; expected a run folder, a run.db or a .jsonl");
        string[] candidates = [RunFolder.At(path).Database, Path.Combine(path, "run.jsonl")];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new InvalidRunException($"{path}: the folder holds no run; expected a run.db or run.jsonl");
    }

    private static bool IsDatabase(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> start = stackalloc byte[SqliteMark.Length];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start.SequenceEqual(SqliteMark);
    }

    private static Run LoadDatabase(string path)
    {
        using SqliteConnection connection = RunDatabase.Open(path, SqliteOpenMode.ReadOnly);
        RunDatabase.Verify(connection, path);
        // One transaction sees one state, however much a writer commits meanwhile.
        using SqliteTransaction state = connection.BeginTransaction(deferred: true);
        RunDatabase.RequireKnownKinds(connection);
        var run = new Run(
            Header(connection, path),
            Rows(connection, "SELECT * FROM steps ORDER BY step", StepRow.Read),
            Rows(connection, "SELECT * FROM frames ORDER BY step", FrameRow.Read),
            Rows(connection, "SELECT * FROM evaluations ORDER BY id", EvaluationRow.Read),
            RunDatabase.Record<NonFiniteOrigin>(connection, RecordKinds.NonFinite),
            RunDatabase.Record<Forecast>(connection, RecordKinds.Forecast),
            RunDatabase.Record<DiagnosisResult>(connection, RecordKinds.Diagnosis),
            RunDatabase.Record<RepairResult>(connection, RecordKinds.Repair),
            RunDatabase.Record<RunEnd>(connection, RecordKinds.End))
        {
            ByLength = RunDatabase.Record<LossByLength>(connection, RecordKinds.ByLength),
            Order = RunDatabase.Record<OrderEffect>(connection, RecordKinds.Order),
        };
        Refuse(Problem(run), path);
        return run;
    }

    private static List<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    private static string? Problem(Run run)
    {
        int previous = -1;
        foreach (Frame frame in run.Frames)
        {
            if (RunCheck.Problem(frame, previous, run.Header.Structure) is { } problem) return problem;
            previous = frame.Step;
        }
        return run.Evaluations.Select(RunCheck.Problem).FirstOrDefault(problem => problem is not null)
            ?? (run.Forecast is { } forecast ? RunCheck.Problem(forecast, run.Header.Structure) : null)
            ?? (run.NonFinite is { } origin ? RunCheck.Problem(origin) : null)
            ?? (run.Repair is { } repair ? RunCheck.Problem(repair) : null)
            ?? (run.ByLength is { } lengths ? RunCheck.Problem(lengths) : null)
            ?? (run.End is { } end ? RunCheck.Problem(end) : null)
            ?? RunRanges.Problem(run);
    }

    private static void Refuse(string? problem, string path)
    {
        if (problem is not null) throw new InvalidRunException($"{path}: {problem}");
    }
}
