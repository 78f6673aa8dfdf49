using System.Diagnostics;
using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow;

/// <summary>
/// Watches a net while it trains and turns chosen steps into frames. Attach it as the tape's observer and tell it of
/// each step's stages in order; it changes no bit of the training.
/// </summary>
/// <remarks>
/// A step may accumulate several backward passes. Then <see cref="BeforeBackward"/> is called before the last one,
/// whose activations and cotangents the frame shows; parameters' gradients are shown as summed, in plain numbers.
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
    private readonly GradientProbe _gradients;
    private readonly WeightProbe _weights;
    private readonly WatchSchedule _schedule;
    private readonly TimeProbe _time;
    private readonly AttentionProbe _attention;
    private readonly Stopwatch _clock = new();
    private StepGraph? _graph;
    private ForwardStatistics? _signals;
    private TimeProfile?[]? _throughTime;
    private AttentionProfile?[]? _heads;
    private int _step;
    private bool _isOpen, _isGradientSeen;
    private long _beside;

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
        _gradients = new GradientProbe(parameters, options.HasHistograms);
        _weights = new WeightProbe(parameters);
        _schedule = new WatchSchedule(options, new WatchCosts(structure, batch));
        _time = new TimeProbe(
            [.. _topology.InOrder.OfType<Recurrent>()],
            _topology.InOrder.OfType<Bidirectional>().Select(layer => layer.Back).ToHashSet());
        _attention = new AttentionProbe([.. _topology.InOrder.OfType<MultiHeadAttention>()]);
    }

    /// <summary>The tables that frames are indexed by.</summary>
    public RunStructure Structure { get; }

    /// <summary>Whether the present step becomes a frame.</summary>
    public bool IsFrame { get; private set; }

    /// <summary>Steps between two frames, once the training is so long that the budget holds.</summary>
    public int Interval => _schedule.Interval;

    /// <summary>
    /// Time spent on watching so far; what is done beside the walk back counts as shared by all threads.
    /// </summary>
    public TimeSpan Spent =>
        _clock.Elapsed + Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _beside)) / Workers.Threads;

    /// <summary>A step begins.</summary>
    /// <param name="step">The step, from 0.</param>
    public void BeginStep(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        _step = step;
        IsFrame = _schedule.IsWatched(step);
        (_isOpen, _isGradientSeen) = (false, false);
    }

    /// <summary>The forward pass is done, the backward pass comes.</summary>
    /// <param name="tape">The step's tape.</param>
    /// <param name="loss">The loss that the backward pass starts from.</param>
    /// <param name="lengths">
    /// The batch's <see cref="Pass.Lengths"/>, of which gradients through time need to know; empty where all are whole.
    /// </param>
    public void BeforeBackward(Tape tape, Variable loss, ReadOnlyMemory<int> lengths = default)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(loss);
        if (!IsFrame) return;
        _clock.Start();
        if (_graph?.IsOf(tape.Variables, loss) != true)
            _graph = StepGraph.Of(_topology, _forward, Structure, tape.Variables, loss);
        _throughTime = _graph.Map.Cuts is [.., var last] && Structure.Recurrences is { } recurrences
            ? Fitting(_time.Measure(tape, last, loss, lengths, _schedule.HasSpectra(_step)), recurrences)
            : null;
        _heads = Structure.Attentions is { } attentions && _attention.Measure(tape) is { } heads
            && heads.Length == attentions.Count
            ? heads
            : null;
        _graph.Norms.Begin();
        _signals = _forward.Measure(_graph.Signals);
        _gradients.BeginFrame(_step, keeps: _schedule.IsWatched(_step + 1));
        _isOpen = true;
        _clock.Stop();
    }

    /// <summary>The backward pass is done; clipping and the update come.</summary>
    public void BeforeUpdate()
    {
        _clock.Start();
        if (_isOpen)
        {
            _gradients.BeforeUpdate(_step);
            _weights.BeforeUpdate();
            (_isOpen, _isGradientSeen) = (false, true);
        }
        else if (_schedule.IsWatched(_step + 1))
        {
            _gradients.KeepAll(_step);
        }
        _clock.Stop();
    }

    /// <summary>The update is made.</summary>
    /// <returns>The step's frame; null where it isn't watched, or where it went through no backward pass.</returns>
    public Frame? AfterUpdate()
    {
        if (!_isGradientSeen || _graph is null) return null;
        _clock.Start();
        _weights.AfterUpdate();
        CotangentNorms? norms = _graph.IsDescribed ? _graph.Norms : null;
        var frame = new Frame(
            _step, norms?.CutNorms(), norms?.PartGains(), _signals,
            _gradients.With(_weights.Norm, _weights.Update, _weights.Distance), _gradients.Cosine(), _throughTime,
            _heads);
        _isGradientSeen = false;
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
    bool ITapeObserver.SeesBackward => _isOpen;

    /// <inheritdoc/>
    void ITapeObserver.Contributed(Variable consumer, int input, Cotangent share)
    {
        if (!_isOpen || !_graph!.Norms.WantsShares(consumer)) return;
        _clock.Start();
        _graph.Norms.Contributed(consumer, input, share);
        _clock.Stop();
    }

    /// <inheritdoc/>
    void ITapeObserver.Completed(Variable variable, Cotangent cotangent)
    {
        if (!_isOpen) return;
        if (variable.Parameter is { } parameter)
        {
            long start = Stopwatch.GetTimestamp();
            _gradients.Completed(parameter, cotangent);
            Interlocked.Add(ref _beside, Stopwatch.GetTimestamp() - start);
        }
        else if (_graph!.Norms.Wants(variable))
        {
            _clock.Start();
            _graph.Norms.Completed(variable, cotangent);
            _clock.Stop();
        }
    }
}
