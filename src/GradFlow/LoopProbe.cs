using System.Diagnostics;
using GradFlow.Autograd;
using GradFlow.Flow;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow;

/// <summary>
/// Listens to the tapes and the optimiser of a loop that isn't ours, and turns what it hears into the stages that a
/// <see cref="NetWatch"/> is told of.
/// </summary>
/// <remarks>
/// Where several backward passes make up one step, a frame shows the first of them; norms are those of the sum.
/// </remarks>
internal sealed class LoopProbe : IBackwardObserver, IDisposable
{
    private readonly Module _net;
    private readonly Optimizer _optimizer;
    private readonly WatchOptions _options;
    private readonly Stopwatch _clock;
    private readonly IReadOnlyList<Parameter> _parameters;
    private NetWatch? _watch;
    private int _step, _passes;
    private bool _isFirstPassOpen, _isUpdated, _isOriginSought, _isEverClipped;
    private double _norm, _clippedNorm, _rate;

    public LoopProbe(Module net, Optimizer optimizer, WatchOptions options, Stopwatch clock)
    {
        (_net, _optimizer, _options, _clock) = (net, optimizer, options, clock);
        _parameters = net.AllParameters();
        optimizer.Stepping += OnStepping;
    }

    /// <summary>What the first step showed; null before its backward pass.</summary>
    public FirstPass? First { get; private set; }

    /// <summary>Where the first non-finite number came from; null while the training is sound.</summary>
    public NonFiniteOrigin? Origin { get; private set; }

    /// <summary>Whether the present step had a backward pass yet.</summary>
    public bool HasBackward => _passes > 0;

    /// <summary>Time that the watch itself has measured.</summary>
    public TimeSpan Spent => _watch?.Spent ?? TimeSpan.Zero;

    public void BeginStep(int step)
    {
        _step = step;
        _passes = 0;
        _isUpdated = false;
        _watch?.BeginStep(step);
    }

    public StepMeasures EndStep()
    {
        if (!_isUpdated) (_clippedNorm, _rate) = (_norm, _optimizer.LearningRate);
        Frame? frame = _watch?.AfterUpdate();
        _passes = 0;
        bool isClipped = !_clippedNorm.Equals(_norm);
        _isEverClipped |= isClipped;
        double? coefficient = !_isEverClipped ? null : isClipped ? _clippedNorm / _norm : 1;
        return new StepMeasures(_rate, _norm, _clippedNorm, coefficient, frame);
    }

    public void EndEpoch() => _watch?.EndEpoch();

    public void Dispose() => _optimizer.Stepping -= OnStepping;

    bool ITapeObserver.IsOrderSensitive => false;

    bool ITapeObserver.SeesBackward => _isFirstPassOpen && ((ITapeObserver)_watch!).SeesBackward;

    void ITapeObserver.Recorded(Variable result) => ((ITapeObserver?)_watch)?.Recorded(result);

    void ITapeObserver.Contributed(Variable consumer, int input, Cotangent share)
    {
        if (_isFirstPassOpen) ((ITapeObserver)_watch!).Contributed(consumer, input, share);
    }

    void ITapeObserver.Completed(Variable variable, Cotangent cotangent)
    {
        if (_isFirstPassOpen) ((ITapeObserver)_watch!).Completed(variable, cotangent);
    }

    void IBackwardObserver.BackwardBegins(Variable result)
    {
        if (_passes > 0) return;
        _watch ??= Meet(result);
        _watch.BeforeBackward(result.Tape, result);
        _isFirstPassOpen = true;
    }

    void IBackwardObserver.BackwardEnded(Variable result, Tensor? seed)
    {
        if (_isFirstPassOpen) _watch!.BeforeUpdate();
        _isFirstPassOpen = false;
        _passes++;
        _clock.Start();
        _norm = GradientClipping.GlobalNorm(_parameters);
        if (!_isOriginSought && !(double.IsFinite(_norm) && Kernels.CountNonFinite(result.Value) == 0))
            SeekOrigin(result, seed);
        _clock.Stop();
    }

    /// <summary>Reads the net off its first tape, and makes up for the forward pass that nobody has watched.</summary>
    private NetWatch Meet(Variable result)
    {
        _clock.Start();
        First = FirstPass.Of(_net, result.Tape, result);
        var watch = new NetWatch(_net, First.Structure, First.Batch, _options);
        watch.BeginStep(_step);
        foreach (Variable variable in result.Tape.Variables)
            if (variable.Operation is not null) ((ITapeObserver)watch).Recorded(variable);
        _clock.Stop();
        return watch;
    }

    /// <summary>The tape still holds all values of the step, so what went wrong first is found on it.</summary>
    private void SeekOrigin(Variable result, Tensor? seed)
    {
        _isOriginSought = true;
        var check = new FiniteCheck(_step);
        result.Tape.Replay(check, result, seed);
        Origin = check.Origin;
    }

    private void OnStepping(object? sender, EventArgs e)
    {
        if (!HasBackward) return;
        if (_isUpdated)
            throw new InvalidOperationException(
                "optimizer.Step() was called twice under watch; expected watch.Step(loss) after each optimizer.Step()");
        _clock.Start();
        _clippedNorm = GradientClipping.GlobalNorm(_parameters);
        _rate = _optimizer.LearningRate;
        _isUpdated = true;
        _clock.Stop();
    }
}

/// <summary>What a step under watch came to.</summary>
/// <param name="Rate">The learning rate that it was taken with.</param>
/// <param name="Norm">The norm of all gradients before clipping.</param>
/// <param name="ClippedNorm">The same as the update found them.</param>
/// <param name="Coefficient">One over the other; null as long as nothing has ever been clipped.</param>
/// <param name="Frame">The frame of a closely watched step; null of others.</param>
internal readonly record struct StepMeasures(
    double Rate, double Norm, double ClippedNorm, double? Coefficient, Frame? Frame);
