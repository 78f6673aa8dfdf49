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
    private readonly NetWatch? _watch;
    private readonly List<StepTime> _turns = [];

    /// <summary>Readies the training.</summary>
    /// <param name="name">What the way of watching is called.</param>
    /// <param name="workload">The training.</param>
    /// <param name="options">How closely it is watched; null for not at all.</param>
    public WatchedWorkload(string name, Workload workload, WatchOptions? options)
    {
        _workload = workload;
        _workload.NextStep = LateStep;
        Structure = StructureProbe.Describe(workload.Model, workload.Inputs);
        if (options is not null) _watch = new NetWatch(workload.Model, Structure, workload.Inputs.Shape[0], options);
        Name = name;
    }

    public string Name { get; }

    public RunStructure Structure { get; }

    public int Interval => _watch?.Interval ?? 0;

    /// <summary>The turns so far.</summary>
    public IReadOnlyList<StepTime> Turns => _turns;

    /// <summary>The latest frame.</summary>
    public Frame LastFrame { get; private set; } = null!;

    /// <summary>Forgets the turns so far.</summary>
    public void Forget() => _turns.Clear();

    /// <summary>Takes steps for some time, whole intervals of them.</summary>
    public void Warm(double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds) Turn(Math.Max(1, Interval));
    }

    /// <summary>Takes some steps.</summary>
    public StepTime Turn(int steps)
    {
        long before = GC.GetTotalAllocatedBytes(), start = Stopwatch.GetTimestamp();
        TimeSpan busy = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < steps; i++)
            if (_workload.Step(_watch) is { } frame) LastFrame = frame;
        var turn = new StepTime(
            Stopwatch.GetElapsedTime(start).TotalMilliseconds / steps,
            (Environment.CpuUsage.TotalTime - busy).TotalMilliseconds / steps,
            (GC.GetTotalAllocatedBytes() - before) / steps);
        _turns.Add(turn);
        return turn;
    }

    /// <summary>What the turns come to, beside those of another that were taken in turn with them.</summary>
    public StepCost Beside(WatchedWorkload other)
    {
        double More(Func<StepTime, double> of) => Median(_turns.Zip(other._turns, (own, bare) => of(own) / of(bare) - 1));
        var least = new StepTime(
            _turns.Min(turn => turn.Milliseconds), _turns.Min(turn => turn.ProcessorMilliseconds),
            _turns.Min(turn => turn.ManagedBytes));
        return new StepCost(Name, least, More(turn => turn.Milliseconds), More(turn => turn.ProcessorMilliseconds));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
