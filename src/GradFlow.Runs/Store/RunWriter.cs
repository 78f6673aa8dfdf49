using Microsoft.Data.Sqlite;

namespace GradFlow.Runs;

/// <summary>
/// Writes a run's records into <c>run.db</c> (SQLite with a write-ahead log). One writer at a time; any number of
/// readers meanwhile. What was added is committed twice a second, at <see cref="Flush"/> and at <see cref="Dispose"/>;
/// a process that is killed loses only what came after.
/// </summary>
/// <remarks>Mutable; safe to use from several threads. Steps and frames are added in rising order.</remarks>
public sealed class RunWriter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly RunHeader _header;
    private readonly SqliteConnection _connection;
    private readonly Insertion _steps, _frames, _evaluations, _records;
    private readonly ITimer _timer;
    private int _lastStep, _lastFrame;
    private bool _isDirty, _isDisposed;
    private Exception? _failure;

    private RunWriter(
        string path, SqliteConnection connection, RunHeader header, TimeProvider? time, TimeSpan? interval)
    {
        (_path, _connection, _header) = (path, connection, header);
        _steps = new Insertion(connection, "steps", StepRow.Columns);
        _frames = new Insertion(connection, "frames", FrameRow.Columns);
        _evaluations = new Insertion(connection, "evaluations", EvaluationRow.Columns);
        _records = new Insertion(connection, "records", "kind, json", "REPLACE");
        _lastStep = LastIn("steps");
        _lastFrame = LastIn("frames");
        TimeSpan period = interval ?? DefaultCommitInterval;
        _timer = (time ?? TimeProvider.System).CreateTimer(_ => CommitInTime(), null, period, period);
    }

    /// <summary>How long a record waits for its commit at most, unless told otherwise: half a second.</summary>
    public static TimeSpan DefaultCommitInterval { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Begins a new run; its header is committed when this returns.</summary>
    /// <param name="path">The database's path, which must not exist; its folder is made where it is missing.</param>
    /// <param name="header">What is known before the first step.</param>
    /// <param name="time">The clock that commits follow; the system's by default.</param>
    /// <param name="commitInterval">The longest wait for a commit; half a second by default.</param>
    /// <returns>The writer, to be disposed when the run ends.</returns>
    /// <exception cref="IOException">The file exists already or cannot be written.</exception>
    public static RunWriter Create(
        string path, RunHeader header, TimeProvider? time = null, TimeSpan? commitInterval = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(header);
        Reject(RunCheck.Problem(header.Structure), nameof(header));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // Taking the name and finding that it is free must be one act, or two runs could share a file.
        using (new FileStream(path, FileMode.CreateNew)) { }
        return Try(path, () => Begin(path, time, commitInterval, connection =>
        {
            RunDatabase.CreateTables(connection);
            using var records = new Insertion(connection, "records", "kind, json");
            records.Add(RecordKinds.Header, RunJson.Serialize(header with { Format = RunHeader.CurrentFormat }));
            return header;
        }));
    }

    /// <summary>Opens a recorded run to add to it, such as a diagnosis or a repair.</summary>
    /// <param name="path">The database's path.</param>
    /// <param name="time">The clock that commits follow; the system's by default.</param>
    /// <param name="commitInterval">The longest wait for a commit; half a second by default.</param>
    /// <returns>The writer, to be disposed when all is added.</returns>
    /// <exception cref="InvalidRunException">The file is missing, damaged, no run, or written by another.</exception>
    public static RunWriter Open(string path, TimeProvider? time = null, TimeSpan? commitInterval = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Reopen(path, time, commitInterval, _ => { });
    }

    /// <summary>
    /// Opens a recorded run whose training goes on from a step. What was recorded of that step and later ones goes, and
    /// so does what was said of the end: the judgement on test data, the diagnosis, the repair and the end itself. That
    /// is committed when this returns.
    /// </summary>
    /// <param name="path">The database's path.</param>
    /// <param name="step">The next step, from 0.</param>
    /// <param name="pretrained">
    /// Steps taken of the phase before the training, where it goes on in that, before any step; what was judged behind
    /// them goes. Null where that phase is over, or there was none.
    /// </param>
    /// <param name="time">The clock that commits follow; the system's by default.</param>
    /// <param name="commitInterval">The longest wait for a commit; half a second by default.</param>
    /// <returns>The writer, to be disposed when the run ends.</returns>
    /// <exception cref="InvalidRunException">The file is missing, damaged, no run, or written by another.</exception>
    public static RunWriter Resume(
        string path, int step, int? pretrained = null, TimeProvider? time = null, TimeSpan? commitInterval = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(pretrained ?? 0, nameof(pretrained));
        return Reopen(
            path, time, commitInterval, connection => RunDatabase.RemoveFrom(connection, step, pretrained));
    }

    /// <summary>Writes a whole run, such as one that was read from JSON lines, as a new database.</summary>
    /// <param name="path">The database's path, which must not exist.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="IOException">The file exists already or cannot be written.</exception>
    public static void Save(string path, Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using RunWriter writer = Create(path, run.Header);
        foreach (StepRecord step in run.Steps) writer.Add(step);
        foreach (Frame frame in run.Frames) writer.Add(frame);
        foreach (Evaluation evaluation in run.Evaluations) writer.Add(evaluation);
        if (run.NonFinite is { } origin) writer.Set(origin);
        if (run.Forecast is { } forecast) writer.Set(forecast);
        if (run.Diagnosis is { } diagnosis) writer.Set(diagnosis);
        if (run.Repair is { } repair) writer.Set(repair);
        if (run.ByLength is { } lengths) writer.Set(lengths);
        if (run.Order is { } order) writer.Set(order);
        if (run.End is { } end) writer.Set(end);
    }

    /// <summary>Adds a step; steps rise.</summary>
    /// <param name="step">The step.</param>
    public void Add(StepRecord step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Write(() =>
        {
            Reject(RunCheck.Problem(step, _lastStep), nameof(step));
            StepRow.Insert(_steps, step);
            _lastStep = step.Step;
        });
    }

    /// <summary>Adds a frame; frames rise, and their arrays fit the header's structure.</summary>
    /// <param name="frame">The frame. One whose statistics hold no array is read back without statistics.</param>
    public void Add(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        Write(() =>
        {
            Reject(RunCheck.Problem(frame, _lastFrame, _header.Structure), nameof(frame));
            FrameRow.Insert(_frames, frame);
            _lastFrame = frame.Step;
        });
    }

    /// <summary>Adds an evaluation.</summary>
    /// <param name="evaluation">The evaluation.</param>
    public void Add(Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        Write(() => EvaluationRow.Insert(_evaluations, evaluation));
    }

    /// <summary>
    /// Says how many steps are planned, in place of what was said before: a run goes on beyond its plan.
    /// </summary>
    /// <param name="steps">Steps in all.</param>
    public void SetPlannedSteps(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        SetRecord(RecordKinds.Header, _header with
        {
            Format = RunHeader.CurrentFormat,
            Plan = _header.Plan with { Steps = steps },
        });
    }

    /// <summary>Says where the first non-finite number came from, in place of what was said before.</summary>
    /// <param name="origin">Its origin.</param>
    public void Set(NonFiniteOrigin origin) => SetRecord(RecordKinds.NonFinite, origin);

    /// <summary>Sets the forecast, in place of an earlier one.</summary>
    /// <param name="forecast">The forecast; its arrays fit the header's structure, or are empty.</param>
    public void Set(Forecast forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        Reject(RunCheck.Problem(forecast, _header.Structure), nameof(forecast));
        SetRecord(RecordKinds.Forecast, forecast);
    }

    /// <summary>Sets the diagnosis, in place of an earlier one.</summary>
    /// <param name="diagnosis">The diagnosis.</param>
    public void Set(DiagnosisResult diagnosis) => SetRecord(RecordKinds.Diagnosis, diagnosis);

    /// <summary>Sets what the repair came to, in place of an earlier one.</summary>
    /// <param name="repair">The repair.</param>
    public void Set(RepairResult repair) => SetRecord(RecordKinds.Repair, repair);

    /// <summary>Sets the judgement by the length of sequences, in place of an earlier one.</summary>
    /// <param name="byLength">The judgement.</param>
    public void Set(LossByLength byLength)
    {
        ArgumentNullException.ThrowIfNull(byLength);
        Reject(RunCheck.Problem(byLength), nameof(byLength));
        SetRecord(RecordKinds.ByLength, byLength);
    }

    /// <summary>Sets what the order of time steps means to the net, in place of what was said before.</summary>
    /// <param name="order">The measurement.</param>
    public void Set(OrderEffect order) => SetRecord(RecordKinds.Order, order);

    /// <summary>Says how the run ended.</summary>
    /// <param name="end">Its end.</param>
    public void Set(RunEnd end) => SetRecord(RecordKinds.End, end);

    /// <summary>Commits what was added; when this returns, readers see it and a kill does not lose it.</summary>
    /// <exception cref="IOException">It cannot be written, such as on a full disk.</exception>
    public void Flush()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Commit();
        }
    }

    /// <summary>Commits what was added and closes the database.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _timer.Dispose();
            try
            {
                Commit();
                Try(_path, () => RunDatabase.Finish(_connection));
            }
            finally
            {
                _steps.Dispose();
                _frames.Dispose();
                _evaluations.Dispose();
                _records.Dispose();
                _connection.Dispose();
            }
        }
    }

    private static RunWriter Reopen(
        string path, TimeProvider? time, TimeSpan? interval, Action<SqliteConnection> prepare) =>
        RunReader.Guard(path, () =>
        {
            RunReader.RequireDatabase(path);
            return Begin(path, time, interval, connection =>
            {
                RunDatabase.Verify(connection, path);
                RunDatabase.AddNewColumns(connection);
                prepare(connection);
                return RunReader.Header(connection, path);
            });
        });

    private static RunWriter Begin(
        string path, TimeProvider? time, TimeSpan? interval, Func<SqliteConnection, RunHeader> prepare)
    {
        SqliteConnection connection = RunDatabase.Open(path, SqliteOpenMode.ReadWrite);
        try
        {
            RunDatabase.Execute(connection, "PRAGMA journal_mode = WAL");
            // A commit then outlives this process, if not a power cut, and costs no wait for the disk.
            RunDatabase.Execute(connection, "PRAGMA synchronous = NORMAL");
            RunDatabase.Execute(connection, "BEGIN IMMEDIATE");
            RunHeader header = prepare(connection);
            RunDatabase.CommitAndGoOn(connection);
            return new RunWriter(path, connection, header, time, interval);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Reject(string? problem, string parameter)
    {
        if (problem is not null) throw new ArgumentException(problem, parameter);
    }

    private int LastIn(string table) =>
        RunDatabase.Scalar(_connection, $"SELECT max(step) FROM {table}") is long last ? (int)last : -1;

    private void SetRecord<T>(string kind, T record)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(record);
        string json = RunJson.Serialize(record);
        Write(() => _records.Add(kind, json));
    }

    private void Write(Action write)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ThrowIfFailed();
            OrRemember(write);
            _isDirty = true;
        }
    }

    private void Commit()
    {
        ThrowIfFailed();
        if (!_isDirty) return;
        OrRemember(() => RunDatabase.CommitAndGoOn(_connection));
        _isDirty = false;
    }

    /// <summary>
    /// A failure stands: SQLite has rolled back by then, so whatever is tried later, at the latest when this is
    /// disposed, would fail for another reason and hide the first.
    /// </summary>
    private void OrRemember(Action write)
    {
        try
        {
            Try(_path, write);
        }
        catch (IOException failure)
        {
            _failure = failure;
            throw;
        }
    }

    private void CommitInTime()
    {
        lock (_gate)
        {
            if (_isDisposed || _failure is not null) return;
            try
            {
                Commit();
            }
            catch (IOException)
            {
                // An exception on the timer's thread would end the process; the next call on the writer raises it.
            }
        }
    }

    private static void Try(string path, Action write) => Try(path, () =>
    {
        write();
        return true;
    });

    private static T Try<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (SqliteException error)
        {
            throw new IOException(
                error.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL
                    ? $"{path}: cannot be written, the disk is full"
                    : $"{path}: cannot be written ({error.Message}); check the disk's free space",
                error);
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null) throw new IOException(_failure.Message, _failure);
    }
}
