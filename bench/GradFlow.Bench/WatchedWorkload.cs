using System.Diagnostics;
using GradFlow.Flow;
using GradFlow.Runs;

namespace GradFlow.Bench;

/// <summary>A training that is watched in some way, and timed in turns.</summary>
internal sealed class WatchedWorkload
{
    /// <summary>At the start frames are closer to each other than the budget asks for.</summary>
    private const int LateStep = 1 << 20;

    private readonly Workload _workload;
    private readonly NetWatch _watch;
    private readonly List<StepTime> _unwatched = [], _watched = [];

    /// <summary>Readies the training.</summary>
    /// <param name="name">What the way of watching is called.</param>
    /// <param name="workload">The training.</param>
    /// <param name="options">How closely it is watched.</param>
    public WatchedWorkload(string name, Workload workload, WatchOptions options)
    {
        _workload = workload;
        _workload.NextStep = LateStep;
        Structure = StructureProbe.Describe(workload.Model, workload.Inputs);
        _watch = new NetWatch(workload.Model, Structure, workload.Inputs.Shape[0], options);
        Name = name;
    }

    public string Name { get; }

    public RunStructure Structure { get; }

    public int Interval => _watch.Interval;

    /// <summary>What an unwatched step takes, the least of the turns so far.</summary>
    public StepTime Unwatched => Least(_unwatched);

    /// <summary>What a watched step takes, beside the same training's unwatched ones.</summary>
    public StepCost Cost => new(
        Name, Least(_watched), More(time => time.Milliseconds), More(time => time.ProcessorMilliseconds));

    /// <summary>The latest frame.</summary>
    public Frame LastFrame { get; private set; } = null!;

    /// <summary>Forgets the turns so far.</summary>
    public void Forget()
    {
        _unwatched.Clear();
        _watched.Clear();
    }

    /// <summary>Takes turns for some time, of whole intervals.</summary>
    public void Warm(double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        do Turn(Interval);
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
    }

    /// <summary>
    /// Takes some steps unwatched and as many watched. Trainings of the same kind differ by some per cent, as their
    /// tensors happen to lie, and the least of short turns lies below that of long ones.
    /// </summary>
    public void Turn(int steps)
    {
        // Who comes first comes after another training, so they take turns at that too.
        bool isWatchedFirst = _watched.Count % 2 == 1;
        if (isWatchedFirst) _watched.Add(Take(steps, _watch));
        _unwatched.Add(Take(steps, null));
        if (!isWatchedFirst) _watched.Add(Take(steps, _watch));
    }

    private StepTime Take(int steps, NetWatch? watch)
    {
        long before = GC.GetTotalAllocatedBytes(), start = Stopwatch.GetTimestamp();
        TimeSpan busy = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < steps; i++)
            if (_workload.Step(watch) is { } frame) LastFrame = frame;
        return new StepTime(
            Stopwatch.GetElapsedTime(start).TotalMilliseconds / steps,
            (Environment.CpuUsage.TotalTime - busy).TotalMilliseconds / steps,
            (GC.GetTotalAllocatedBytes() - before) / steps);
    }

    private static StepTime Least(List<StepTime> turns) => new(
        turns.Min(turn => turn.Milliseconds), turns.Min(turn => turn.ProcessorMilliseconds),
        turns.Min(turn => turn.ManagedBytes));

    private double More(Func<StepTime, double> of)
    {
        double[] sorted = [.. _watched.Zip(_unwatched, (own, bare) => of(own) / of(bare) - 1).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
