using System.Diagnostics;
using GradFlow.Autograd;
using GradFlow.Experiments;
using GradFlow.Flow;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow;

/// <summary>
/// The gradient doctor's watch over a training loop of one's own: it records the run, tells findings while the loop
/// runs, and leaves a run folder with its page. It changes no bit of the training.
/// </summary>
/// <remarks>
/// Not for use by two threads at once; any number of watches may live side by side. A process that is killed leaves a
/// folder that <c>gradflow diagnose</c> and <c>gradflow report</c> read, up to half a second before its end.
/// </remarks>
/// <example>
/// <code>
/// using var watch = GradientWatch.Over(
///     net, optimizer, new WatchSettings { Found = f => Console.WriteLine(f.Explanation) });
/// for (int step = 0; step &lt; steps; step++)
/// {
///     using Tape tape = watch.Tape();                  // instead of new Tape()
///     Variable loss = …;
///     optimizer.ClearGradients();
///     tape.Backward(loss);
///     optimizer.Step();
///     watch.Step(loss);
/// }
/// </code>
/// </example>
public sealed partial class GradientWatch : IDisposable
{
    private readonly WatchSettings _settings;
    private readonly Optimizer _optimizer;
    private readonly TensorPool _pool = new();
    private readonly Stopwatch _clock = new();
    private readonly LoopProbe _probe;
    private readonly FindingLog _log;
    private readonly List<Evaluation> _early = [];
    private readonly double _baseRate;
    private RunWriter? _writer;
    private RunRecorder? _recorder;
    private long _start;
    private int _step, _epoch;
    private bool _isBegun, _isStepDone, _isBroken, _isDisposed;

    private GradientWatch(Module net, Optimizer optimizer, WatchSettings settings)
    {
        (_optimizer, _settings, _baseRate) = (optimizer, settings, optimizer.LearningRate);
        _log = new FindingLog(settings.Found);
        Folder = RunFolder.Create(settings.Out, settings.Name, settings.Time);
        _probe = new LoopProbe(net, optimizer, new WatchOptions(settings.Budget, settings.MaxInterval), _clock);
    }

    /// <summary>Where the run is recorded. It goes again if the watch ends without a step.</summary>
    public RunFolder Folder { get; }

    /// <summary>What is recorded so far; null before the first step.</summary>
    public Run? Run => _recorder is null ? null : _recorder.Current with { Diagnosis = _log.Latest };

    /// <summary>The latest judgement, made whenever the record has grown by a quarter; null before the first.</summary>
    public DiagnosisResult? Diagnosis => _log.Latest;

    /// <summary>
    /// True once more training would not change the verdict, so that the loop may stop; see
    /// <see cref="Diagnosis.Diagnostician.IsSettled"/>. As of the latest judgement.
    /// </summary>
    public bool IsSettled => _log.IsSettled;

    /// <summary>Puts a training under watch from its next step on.</summary>
    /// <param name="net">The net, with the weights that count as its start.</param>
    /// <param name="optimizer">What updates it.</param>
    /// <param name="settings">What is known of the training, and who is told of findings; all optional.</param>
    /// <returns>The watch, to be disposed when the training ends, which writes its end, diagnosis and page.</returns>
    /// <exception cref="ArgumentException">
    /// The optimiser updates nothing of the net, two modules share a name, or a setting is out of range.
    /// </exception>
    /// <exception cref="IOException">The run's folder can't be made.</exception>
    public static GradientWatch Over(Module net, Optimizer optimizer, WatchSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(optimizer);
        settings ??= new WatchSettings();
        settings.Require();
        if (!optimizer.Parameters.Intersect(net.AllParameters()).Any())
            throw new ArgumentException(
                "the optimizer updates no parameter of the net; expected one made from net.AllParameters()",
                nameof(optimizer));
        string? twice = net.SelfAndDescendants().Distinct().GroupBy(module => module.Name)
            .FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException($"two modules are named '{twice}'; expected unique names", nameof(net));
        return new GradientWatch(net, optimizer, settings);
    }

    /// <summary>
    /// A tape for the present training step, to be used instead of a new one and disposed with the step. Evaluations
    /// need no watch: give them a tape of their own.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The watch has ended.</exception>
    public Tape Tape()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_isBegun)
        {
            if (_step == 0) _start = _settings.Time.GetTimestamp();
            _probe.BeginStep(_step);
            _isBegun = true;
        }
        return new Tape(_pool, _probe);
    }

    /// <summary>A training step is done: its update is made, and its tape not yet disposed.</summary>
    /// <param name="loss">The loss that the step has minimised, a single number.</param>
    /// <param name="metric">The accuracy on the batch, from 0 to 1; null if there is none.</param>
    /// <exception cref="ArgumentException">The loss is no single number, or the metric no share.</exception>
    /// <exception cref="InvalidOperationException">The step's tape has ended, or isn't this watch's.</exception>
    /// <exception cref="IOException">The record can't be written, such as on a full disk.</exception>
    public void Step(Variable loss, double? metric = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (loss.Value.Size != 1)
            throw new ArgumentException(
                $"the loss has shape {loss.Shape}; expected the single number that Backward began with", nameof(loss));
        if (loss.Index >= loss.Tape.Variables.Count || loss.Tape.Variables[loss.Index] != loss)
            throw new InvalidOperationException(
                "the loss's tape is disposed; expected watch.Step(loss) before the tape's end");
        Step(loss.Value.ToDoubles()[0], metric);
    }

    /// <summary>The same for a loss that was added up over several tapes, as where gradients are accumulated.</summary>
    /// <param name="loss">The loss that the step has minimised.</param>
    /// <param name="metric">The accuracy on the step's samples, from 0 to 1; null if there is none.</param>
    /// <exception cref="ArgumentException">The metric is below 0 or above 1.</exception>
    /// <exception cref="InvalidOperationException">No backward pass went over a tape of this watch.</exception>
    /// <exception cref="IOException">The record can't be written, such as on a full disk.</exception>
    public void Step(double loss, double? metric = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RequireShare(metric);
        if (!_probe.HasBackward) throw new InvalidOperationException(WhatIsMissing());
        StepMeasures measures = _probe.EndStep();
        (_isBegun, _isStepDone) = (false, true);
        _clock.Start();
        Record(loss, metric, measures);
        IReadOnlyList<Finding> news = IsJudgementDue() ? _log.Judge(_recorder!.Current) : [];
        _clock.Stop();
        if (_settings.StepsPerEpoch > 0 && _step % _settings.StepsPerEpoch == 0) CloseEpoch();
        _log.Tell(news);
    }

    /// <summary>What a step lacks that no backward pass was seen in.</summary>
    private string WhatIsMissing() => _isBegun
        ? "no backward pass was seen over the step's watch.Tape(); expected tape.Backward(loss) before watch.Step(loss)"
        : _isStepDone
            ? "watch.Step(loss) was called twice since the last watch.Tape(); expected one call for each step, and "
                + "each step's tape to be watch.Tape()"
            : "the step has no tape of this watch; expected watch.Tape() instead of new Tape()";

    /// <summary>
    /// A pass over the training data is over; for loops whose epochs <see cref="WatchSettings.StepsPerEpoch"/> doesn't
    /// count.
    /// </summary>
    /// <exception cref="InvalidOperationException">The settings count the epochs already.</exception>
    public void EndEpoch()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_settings.StepsPerEpoch > 0)
            throw new InvalidOperationException(
                $"epochs are counted by WatchSettings.StepsPerEpoch, {_settings.StepsPerEpoch}; "
                    + "expected only one of both");
        CloseEpoch();
    }

    /// <summary>Records what the net came to on a whole split; the caller has evaluated it.</summary>
    /// <param name="split"><c>train</c>, <c>validation</c> or <c>test</c>.</param>
    /// <param name="loss">Mean loss over the split.</param>
    /// <param name="metric">Accuracy over the split, from 0 to 1; null if there is none.</param>
    /// <param name="samples">How many samples it has; 0 if unknown.</param>
    /// <exception cref="ArgumentException">The split is none of these, or the metric below 0 or above 1.</exception>
    public void Evaluate(string split, double loss, double? metric = null, int samples = 0)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        RequireShare(metric);
        if (split is not ("train" or "validation" or "test"))
            throw new ArgumentException(
                $"the split is '{split}'; expected 'train', 'validation' or 'test'", nameof(split));
        double epoch = _settings.StepsPerEpoch > 0 ? (double)_step / _settings.StepsPerEpoch : _epoch;
        var evaluation = new Evaluation(_step, epoch, split, loss, metric, samples);
        if (_recorder is null) _early.Add(evaluation);
        else _recorder.Add(evaluation);
    }

    private static void RequireShare(double? metric)
    {
        if (metric is < 0 or > 1)
            throw new ArgumentException(
                $"the metric is {metric}; expected the accuracy as a share from 0 to 1", nameof(metric));
    }

    /// <summary>
    /// Ends the watch: writes the run's end, its diagnosis and its page, and tells what is found only now. A training
    /// that a step was missing of, or that was left in the middle of one, is recorded as interrupted.
    /// </summary>
    /// <exception cref="IOException">The record can't be written, such as on a full disk.</exception>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _probe.Dispose();
        if (_recorder is null)
        {
            if (!Directory.EnumerateFileSystemEntries(Folder.Path).Any()) Directory.Delete(Folder.Path);
            return;
        }
        IReadOnlyList<Finding> news = Finish(_recorder, _writer!);
        _log.Tell(news);
    }
}
