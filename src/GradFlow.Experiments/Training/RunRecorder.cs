using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>Collects a run's records, in memory and, where there is a writer, on disk at the same time.</summary>
/// <param name="header">What is known before the first step.</param>
/// <param name="writer">Where records are also written; null for none. Not disposed here.</param>
public sealed class RunRecorder(RunHeader header, RunWriter? writer = null)
{
    private readonly List<StepRecord> _steps = [];
    private readonly List<Frame> _frames = [];
    private readonly List<Evaluation> _evaluations = [];
    private NonFiniteOrigin? _nonFinite;
    private Forecast? _forecast;
    private LossByLength? _byLength;
    private OrderEffect? _order;
    private RunEnd? _end;

    /// <summary>Goes on with a run that has been recorded up to a step.</summary>
    /// <param name="begun">The run so far, as <see cref="RunWriter.Resume"/> has left it.</param>
    /// <param name="writer">Where records are also written; null for none. Not disposed here.</param>
    public RunRecorder(Run begun, RunWriter? writer = null)
        : this((begun ?? throw new ArgumentNullException(nameof(begun))).Header, writer)
    {
        _steps.AddRange(begun.Steps);
        _frames.AddRange(begun.Frames);
        _evaluations.AddRange(begun.Evaluations);
        (_nonFinite, _forecast) = (begun.NonFinite, begun.Forecast);
    }

    /// <summary>What has been recorded so far. The lists go on growing; copy what is to stay as it is.</summary>
    public Run Current => new(header, _steps, _frames, _evaluations, _nonFinite, _forecast, null, null, _end)
    {
        ByLength = _byLength,
        Order = _order,
    };

    /// <summary>Records a step.</summary>
    public void Add(StepRecord step)
    {
        _steps.Add(step);
        writer?.Add(step);
    }

    /// <summary>Records a frame; the first one also says what the forecast was worth.</summary>
    public void Add(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        _frames.Add(frame);
        writer?.Add(frame);
        if (_frames.Count == 1 && _forecast is not null) Set(Scored(_forecast, frame));
    }

    /// <summary>Records a judgement on a whole split.</summary>
    public void Add(Evaluation evaluation)
    {
        _evaluations.Add(evaluation);
        writer?.Add(evaluation);
    }

    /// <summary>Records where the first non-finite number came from.</summary>
    public void Set(NonFiniteOrigin origin)
    {
        _nonFinite = origin;
        writer?.Set(origin);
    }

    /// <summary>Records what theory expects.</summary>
    public void Set(Forecast forecast)
    {
        _forecast = forecast;
        writer?.Set(forecast);
    }

    /// <summary>Records the judgement by the length of sequences.</summary>
    public void Set(LossByLength byLength)
    {
        _byLength = byLength;
        writer?.Set(byLength);
    }

    /// <summary>Records what the order of time steps means to the net.</summary>
    public void Set(OrderEffect order)
    {
        _order = order;
        writer?.Set(order);
    }

    /// <summary>Records how the run ended.</summary>
    public void Set(RunEnd end)
    {
        _end = end;
        writer?.Set(end);
        writer?.Flush();
    }

    /// <summary>Makes what was recorded so far durable against a kill.</summary>
    public void Flush() => writer?.Flush();

    private Forecast Scored(Forecast forecast, Frame frame)
    {
        IReadOnlyList<double?>? norms = frame.CutNorms;
        return forecast with
        {
            MeasuredDecadesPerLayer = DepthProfile.DecadesPerLayer(header.Structure.Cuts, norms),
            MeasuredTotalDecades = norms is { Count: > 0 } ? norms[0] - norms[^1] : null,
            MeasuredDecadesPerTimeStep = LagProfile.LargestSlope(frame),
        };
    }
}
