using System.Diagnostics;
using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;

namespace GradFlow.Flow;

/// <summary>
/// Watches a net while it trains and turns chosen steps into frames. Attach it as the tape's observer and tell it of
/// each step's stages in order; it changes no bit of the training.
/// </summary>
/// <remarks>
/// A step may accumulate several backward passes. Then <see cref="BeforeBackward"/> is called before the last one, whose
/// activations and cotangents the frame shows; parameters' gradients are shown as summed, in plain numbers.
/// </remarks>
/// <example>
/// <code>
/// watch.BeginStep(step);
/// using var tape = new Tape(pool, watch);
/// Variable loss = …;                 // forward
/// watch.BeforeBackward(tape, loss);
/// tape.Backward(loss);
/// watch.BeforeUpdate();              // gradients are plain now, and not yet clipped
/// optimizer.Step();
/// Frame? frame = watch.AfterUpdate();
/// </code>
/// </example>
public sealed class NetWatch : ITapeObserver
{
    private readonly Topology _topology;
    private readonly ForwardProbe _forward;
    private readonly ParameterProbe _parameters;
    private readonly GradientMemory _gradients;
    private readonly WatchSchedule _schedule;
    private readonly TimeProbe _time;
    private readonly Stopwatch _clock = new();
    private CotangentNorms? _norms;
    private ForwardStatistics? _signals;
    private FlowMap? _map;
    private TimeProfile?[]? _throughTime;
    private int _step;
    private bool _isGradientSeen;
    private double? _cosine;

    /// <summary>Prepares to watch a net from its present weights on.</summary>
    /// <param name="model">The net.</param>
    /// <param name="structure">Its tables, from <see cref="StructureProbe"/>; frames are indexed by them.</param>
    /// <param name="batch">Samples per step, for the cost model.</param>
    /// <param name="options">How closely to watch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch, the budget or the interval is out of range.</exception>
    public NetWatch(Module model, RunStructure structure, int batch, WatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        Structure = structure;
        _topology = new Topology(model);
        _forward = new ForwardProbe(_topology);
        IReadOnlyList<Parameter> parameters = model.AllParameters();
        options ??= new WatchOptions();
        _parameters = new ParameterProbe(parameters, options.HasHistograms);
        _gradients = new GradientMemory(parameters);
        _schedule = new WatchSchedule(options, new NetSize(
            parameters.Sum(p => (long)p.Value.Size), parameters.Count,
            structure.Signals.Sum(s => (long)s.Units), structure.Signals.Count, batch)
        {
            TimeSteps = structure.Recurrences?.Max(r => r.Steps) ?? 1,
        });
        _time = new TimeProbe([.. _topology.InOrder.OfType<Recurrent>()]);
    }

    /// <summary>The tables that frames are indexed by.</summary>
    public RunStructure Structure { get; }

    /// <summary>Whether the present step becomes a frame.</summary>
    public bool IsFrame { get; private set; }

    /// <summary>Steps between two frames, once the start is over.</summary>
    public int Interval => _schedule.Interval;

    /// <summary>Time spent on watching so far.</summary>
    public TimeSpan Spent => _clock.Elapsed;

    /// <summary>A step begins.</summary>
    /// <param name="step">The step, from 0.</param>
    public void BeginStep(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        _step = step;
        IsFrame = _schedule.IsWatched(step);
        _norms = null;
        _isGradientSeen = false;
    }

    /// <summary>The forward pass is done, the backward pass comes.</summary>
    /// <param name="tape">The step's tape.</param>
    /// <param name="loss">The loss that the backward pass starts from.</param>
    public void BeforeBackward(Tape tape, Variable loss)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(loss);
        if (!IsFrame) return;
        _clock.Start();
        _map = FlowMap.Of(_topology, tape.Variables, loss);
        _throughTime = _map.Cuts.Count > 0 && Structure.Recurrences is { } recurrences
            ? Fitting(_time.Measure(tape, _map.Cuts[^1], loss), recurrences)
            : null;
        _norms = new CotangentNorms(_map);
        _signals = _forward.Measure(tape.Variables);
        _parameters.BeginFrame();
        _clock.Stop();
    }

    /// <summary>The backward pass is done; clipping and the update come.</summary>
    public void BeforeUpdate()
    {
        _clock.Start();
        if (_norms is not null)
        {
            _cosine = _gradients.CosineAt(_step);
            _parameters.BeforeUpdate();
            _isGradientSeen = true;
        }
        if (_schedule.IsWatched(_step + 1)) _gradients.Keep(_step);
        _clock.Stop();
    }

    /// <summary>The update is made.</summary>
    /// <returns>The step's frame; null where it isn't watched, or where it went through no backward pass.</returns>
    public Frame? AfterUpdate()
    {
        if (!_isGradientSeen || _norms is null || _map is null) return null;
        _clock.Start();
        bool fits = _map.CutInfos.SequenceEqual(Structure.Cuts) && _map.Parts.SequenceEqual(Structure.Parts);
        var frame = new Frame(
            _step, fits ? _norms.CutNorms() : null, fits ? _norms.PartGains() : null,
            _signals, _parameters.Measure(), _cosine, _throughTime);
        _norms = null;
        _clock.Stop();
        return frame;
    }

    /// <summary>An epoch is over: units that no sample of it woke are dead.</summary>
    public void EndEpoch() => _forward.EndEpoch();

    /// <summary>Profiles of sequences that are longer than those that the tables speak of aren't kept.</summary>
    private static TimeProfile?[]? Fitting(TimeProfile?[]? profiles, IReadOnlyList<RecurrenceInfo> recurrences) =>
        profiles?.Length != recurrences.Count
            ? null
            : [.. profiles.Select((profile, i) => profile?.StateRms?.Count > recurrences[i].Steps ? null : profile)];

    /// <inheritdoc/>
    bool ITapeObserver.IsOrderSensitive => false;

    /// <inheritdoc/>
    void ITapeObserver.Recorded(Variable result)
    {
        if (_forward.AsleepIn(result) is not { } activation) return;
        _clock.Start();
        _forward.See(activation, result);
        _clock.Stop();
    }

    /// <inheritdoc/>
    void ITapeObserver.Contributed(Variable consumer, int input, Cotangent share)
    {
        if (_norms is null) return;
        _clock.Start();
        _norms.Contributed(consumer, input, share);
        _clock.Stop();
    }

    /// <inheritdoc/>
    void ITapeObserver.Completed(Variable variable, Cotangent cotangent)
    {
        if (_norms is null) return;
        _clock.Start();
        _norms.Completed(variable, cotangent);
        _parameters.Completed(variable, cotangent);
        _clock.Stop();
    }
}
