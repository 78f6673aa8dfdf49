using Microsoft.Data.Sqlite;

namespace GradFlow.Runs;

/// <summary>The shape of <c>run.db</c>, and connections to it; described in docs/schema/run-db.md.</summary>
internal static class RunDatabase
{
    /// <summary>SQLite's application id of a run: "GFlw".</summary>
    internal const int ApplicationId = 0x47466C77;

    // A writer keeps its lock for as long as it lives, so waiting for it would not help.
    private const int LockTimeoutSeconds = 1;
    private const int PatientTimeoutSeconds = 60;

    internal static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(path),
            Mode = mode,
            Pooling = false,
            DefaultTimeout = LockTimeoutSeconds,
        }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Executes one statement; of several, the provider would hide a failure behind a first result.</summary>
    internal static void Execute(SqliteConnection connection, string sql, int timeoutSeconds = LockTimeoutSeconds)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandTimeout = timeoutSeconds;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Makes the tables of a new run.</summary>
    internal static void CreateTables(SqliteConnection connection)
    {
        Execute(connection, $"PRAGMA application_id = {ApplicationId}");
        Execute(connection, $"PRAGMA user_version = {RunHeader.CurrentFormat}");
        Execute(connection, "CREATE TABLE records (kind TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID");
        Execute(connection, $"CREATE TABLE steps ({StepRow.Columns})");
        Execute(connection, $"CREATE TABLE frames ({FrameRow.Columns})");
        Execute(connection, $"CREATE TABLE evaluations ({EvaluationRow.Columns})");
    }

    /// <summary>
    /// Adds to an older run's tables the columns that have come since, so that steps and frames can be added to it.
    /// </summary>
    internal static void AddNewColumns(SqliteConnection connection)
    {
        AddColumn(connection, "frames", "through_time", "TEXT");
        AddColumn(connection, "frames", "attention", "TEXT");
        AddColumn(connection, "steps", "penalty", "REAL");
    }

    /// <summary>Removes what was recorded from a step on, and what was said of the whole run.</summary>
    /// <param name="connection">The run's.</param>
    /// <param name="step">The step.</param>
    /// <param name="pretrained">
    /// Steps taken of the phase before the training, where it goes on in that; of none its first judgement comes again.
    /// </param>
    internal static void RemoveFrom(SqliteConnection connection, int step, int? pretrained)
    {
        Execute(connection, $"DELETE FROM steps WHERE step >= {step}");
        Execute(connection, $"DELETE FROM frames WHERE step >= {step}");
        Execute(connection, "DELETE FROM evaluations WHERE " + (pretrained is { } before
            ? $"split <> 'pretraining' OR step > {before} OR {before} = 0"
            : $"split IN ('test', 'free-run') OR (split <> 'pretraining' AND step > {step})"));
        bool isLater = Record<NonFiniteOrigin>(connection, RecordKinds.NonFinite)?.Step >= step;
        string[] kinds =
            [RecordKinds.Diagnosis, RecordKinds.Repair, RecordKinds.ByLength, RecordKinds.Order, RecordKinds.End];
        foreach (string kind in isLater ? [.. kinds, RecordKinds.NonFinite] : kinds)
            Execute(connection, $"DELETE FROM records WHERE kind = '{kind}'");
    }

    private static void AddColumn(SqliteConnection connection, string table, string name, string type)
    {
        string count = $"SELECT COUNT(*) FROM pragma_table_info('{table}') WHERE name = '{name}'";
        if (Scalar(connection, count) is 0L) Execute(connection, $"ALTER TABLE {table} ADD COLUMN {name} {type}");
    }

    /// <summary>Makes what was written durable against a kill, and stays the one writer.</summary>
    internal static void CommitAndGoOn(SqliteConnection connection)
    {
        Execute(connection, "COMMIT");
        // A second writer that slips in here, to add a diagnosis, is soon done; a training must not end by it.
        Execute(connection, "BEGIN IMMEDIATE", PatientTimeoutSeconds);
    }

    internal static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>
    /// Ends a writer's transaction and makes the write-ahead log part of the one file, which can then be copied, and
    /// read where nothing can be written. A reader that has it open prevents that, and so does a full disk; then the
    /// log stays, and no harm is done.
    /// </summary>
    internal static void Finish(SqliteConnection connection)
    {
        Execute(connection, "COMMIT");
        try
        {
            Execute(connection, "PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException error)
            when (error.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED
                or SQLitePCL.raw.SQLITE_FULL)
        {
        }
    }

    /// <summary>Refuses a database that is not a run, or a run of a later format.</summary>
    internal static void Verify(SqliteConnection connection, string path)
    {
        if (Scalar(connection, "PRAGMA application_id") is not (long)ApplicationId)
            throw new InvalidRunException($"{path}: an SQLite database, but not a GradFlow run; check the path");
        int format = (int)(long)Scalar(connection, "PRAGMA user_version")!;
        if (RunCheck.FormatProblem(format) is { } problem) throw new InvalidRunException($"{path}: {problem}");
    }

    /// <summary>Refuses a database with records that no run of its format has.</summary>
    /// <exception cref="InvalidDataException">It has one.</exception>
    internal static void RequireKnownKinds(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT kind FROM records";
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            string kind = Cells.Text(reader, 0);
            if (!RecordKinds.Single.Contains(kind))
                throw new InvalidDataException(
                    $"unknown record \"{kind}\"; expected one of {string.Join(", ", RecordKinds.Single)}");
        }
    }

    /// <summary>The record of a kind of which a run has at most one; null if it has none.</summary>
    internal static T? Record<T>(SqliteConnection connection, string kind)
        where T : class
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT json FROM records WHERE kind = $kind";
        command.Parameters.AddWithValue("$kind", kind);
        return command.ExecuteScalar() is string json ? RunJson.Deserialize<T>(json) : null;
    }
}
