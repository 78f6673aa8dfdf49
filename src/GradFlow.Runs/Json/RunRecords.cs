using System.Text.Json;

namespace GradFlow.Runs;

/// <summary>Gathers a run from its records, one after another, and refuses those that do not fit together.</summary>
internal sealed class RunRecords
{
    private readonly List<StepRecord> _steps = [];
    private readonly List<Frame> _frames = [];
    private readonly List<Evaluation> _evaluations = [];
    private Run? _run;

    internal static string KnownKinds { get; } = string.Join(
        ", ",
        RecordKinds.Header, RecordKinds.Step, RecordKinds.Frame, RecordKinds.Evaluation, RecordKinds.NonFinite,
        RecordKinds.Forecast, RecordKinds.Diagnosis, RecordKinds.Repair, RecordKinds.ByLength, RecordKinds.Order,
        RecordKinds.End);

    private TrainingPlan Plan => _run!.Header.Plan;

    /// <summary>The run so far; null before its header.</summary>
    internal Run? Build() => _run;

    /// <summary>Adds a record.</summary>
    /// <exception cref="InvalidDataException">It does not fit what came before, or its kind is unknown.</exception>
    /// <exception cref="JsonException">It is no record of that kind.</exception>
    internal void Add(string kind, JsonElement json)
    {
        if (_run is null)
        {
            Begin(kind, json);
            return;
        }
        switch (kind)
        {
            case RecordKinds.Header: throw new InvalidDataException("a second header; expected one, in the first line");
            case RecordKinds.Step: Add(Read<StepRecord>(json)); break;
            case RecordKinds.Frame: Add(Read<Frame>(json), _run.Header.Structure); break;
            case RecordKinds.Evaluation: _evaluations.Add(Read<Evaluation>(json, Problem)); break;
            case RecordKinds.NonFinite: _run = _run with { NonFinite = Read<NonFiniteOrigin>(json, Problem) }; break;
            case RecordKinds.Forecast: _run = _run with { Forecast = Read<Forecast>(json, Problem) }; break;
            case RecordKinds.Diagnosis:
                _run = _run with { Diagnosis = Read<DiagnosisResult>(json, RunRanges.Problem) };
                break;
            case RecordKinds.Repair: _run = _run with { Repair = Read<RepairResult>(json, Problem) }; break;
            case RecordKinds.ByLength: _run = _run with { ByLength = Read<LossByLength>(json, Problem) }; break;
            case RecordKinds.Order: _run = _run with { Order = Read<OrderEffect>(json, RunRanges.Problem) }; break;
            case RecordKinds.End: _run = _run with { End = Read<RunEnd>(json, Problem) }; break;
            default: throw new InvalidDataException($"unknown record \"{kind}\"; expected one of {KnownKinds}");
        }
    }

    private void Begin(string kind, JsonElement json)
    {
        if (kind != RecordKinds.Header)
            throw new InvalidDataException($"the record \"{kind}\" stands before the header; expected it first");
        // A later format may have changed what a header must hold, so its number comes before the rest.
        if (json.TryGetProperty("format", out JsonElement format)
            && format.ValueKind == JsonValueKind.Number && format.TryGetInt32(out int number))
            Refuse(RunCheck.FormatProblem(number));
        RunHeader header = Read<RunHeader>(json);
        Refuse(RunCheck.Problem(header.Structure) ?? RunRanges.Problem(header));
        _run = new Run(header, _steps, _frames, _evaluations);
    }

    private void Add(StepRecord step)
    {
        Refuse(RunCheck.Problem(step, _steps.Count == 0 ? -1 : _steps[^1].Step) ?? RunRanges.Problem(step, Plan));
        _steps.Add(step);
    }

    private void Add(Frame frame, RunStructure structure)
    {
        int previous = _frames.Count == 0 ? -1 : _frames[^1].Step;
        Refuse(RunCheck.Problem(frame, previous, structure) ?? RunRanges.Problem(frame));
        _frames.Add(frame);
    }

    private string? Problem(Evaluation evaluation) =>
        RunCheck.Problem(evaluation) ?? RunRanges.Problem(evaluation, Plan);

    private string? Problem(Forecast forecast) =>
        RunCheck.Problem(forecast, _run!.Header.Structure) ?? RunRanges.Problem(forecast);

    private string? Problem(RepairResult repair) => RunCheck.Problem(repair) ?? RunRanges.Problem(repair, Plan);

    private string? Problem(LossByLength lengths) => RunCheck.Problem(lengths) ?? RunRanges.Problem(lengths, Plan);

    private static string? Problem(NonFiniteOrigin origin) => RunCheck.Problem(origin) ?? RunRanges.Problem(origin);

    private static string? Problem(RunEnd end) => RunCheck.Problem(end) ?? RunRanges.Problem(end);

    private static T Read<T>(JsonElement json, Func<T, string?> problem)
    {
        T record = Read<T>(json);
        Refuse(problem(record));
        return record;
    }

    private static T Read<T>(JsonElement json) => json.Deserialize<T>(RunJson.Options)!;

    private static void Refuse(string? problem)
    {
        if (problem is not null) throw new InvalidDataException(problem);
    }
}
