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
        Forget();
    }

    public string Name { get; }

    public RunStructure Structure { get; }

    public int Interval => _watch?.Interval ?? 0;

    /// <summary>The best of the turns so far.</summary>
    public StepCost Cost { get; private set; } = null!;

    /// <summary>The latest frame.</summary>
    public Frame LastFrame { get; private set; } = null!;

    /// <summary>Forgets the turns so far.</summary>
    public void Forget() => Cost = new StepCost(Name, double.PositiveInfinity, double.PositiveInfinity, long.MaxValue);

    /// <summary>Takes steps for some time, whole intervals of them.</summary>
    public void Turn(double seconds)
    {
        long before = GC.GetTotalAllocatedBytes(), start = Stopwatch.GetTimestamp();
        TimeSpan busy = Environment.CpuUsage.TotalTime;
        int steps = 0;
        double elapsed;
        do
        {
            for (int i = 0; i < Math.Max(1, Interval); i++, steps++)
                if (_workload.Step(_watch) is { } frame) LastFrame = frame;
            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds);
        double cpu = (Environment.CpuUsage.TotalTime - busy).TotalMilliseconds / steps;
        Cost = Cost with
        {
            Milliseconds = Math.Min(Cost.Milliseconds, elapsed / steps * 1e3),
            ProcessorMilliseconds = Math.Min(Cost.ProcessorMilliseconds, cpu),
            ManagedBytes = Math.Min(Cost.ManagedBytes, (GC.GetTotalAllocatedBytes() - before) / steps),
        };
    }
}
