using System.Diagnostics;
using GradFlow.Flow;
using GradFlow.Runs;

namespace GradFlow.Bench;

/// <summary>What watching adds to a training step.</summary>
/// <param name="Ways">The step unwatched, and then by each way of watching.</param>
/// <param name="Interval">Steps between two frames at the default budget.</param>
/// <param name="StoreMilliseconds">
/// What one frame takes to be written into a run's database, on the training's thread.
/// </param>
internal sealed record WatchCost(IReadOnlyList<StepCost> Ways, int Interval, double StoreMilliseconds)
{
    private const double SecondsPerTurn = 0.1;

    /// <summary>Measures a training.</summary>
    /// <param name="name">The training's name.</param>
    /// <param name="seconds">Time for each way of watching, in turns.</param>
    public static WatchCost Of(string name, double seconds)
    {
        var everyStep = new WatchOptions { Budget = 1, MaxInterval = 1 };
        WatchedWorkload[] ways =
        [
            new("unwatched", Workloads.Create(name), null),
            new("every step, no histograms", Workloads.Create(name), everyStep with { HasHistograms = false }),
            new("every step", Workloads.Create(name), everyStep),
            new("by default", Workloads.Create(name), new WatchOptions()),
        ];
        // Code that runs often is compiled again, better; what is timed is what a training runs.
        foreach (WatchedWorkload way in ways) way.Turn(Math.Min(1, seconds / 2));
        foreach (WatchedWorkload way in ways) way.Forget();
        for (double spent = 0; spent < seconds; spent += SecondsPerTurn)
            foreach (WatchedWorkload way in ways) way.Turn(SecondsPerTurn);
        return new WatchCost([.. ways.Select(way => way.Cost)], ways[^1].Interval, StoreTime(ways[2]));
    }

    private static double StoreTime(WatchedWorkload watched)
    {
        const int Frames = 200;
        string folder = Directory.CreateTempSubdirectory("gradflow-bench").FullName;
        try
        {
            var plan = new TrainingPlan(Frames, 0, 1, "loss", "sgd", 1e-3, null, null, null, null, null, null);
            var header = new RunHeader(
                watched.Name, 0, DateTimeOffset.UnixEpoch, "bench", plan, watched.Structure);
            using RunWriter writer = RunWriter.Create(Path.Combine(folder, "run.db"), header);
            double best = double.PositiveInfinity;
            for (int i = 0; i < Frames; i++)
            {
                long start = Stopwatch.GetTimestamp();
                writer.Add(watched.LastFrame with { Step = i });
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            return best;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>What a training step costs by one way of watching.</summary>
/// <param name="Name">The way.</param>
/// <param name="Milliseconds">The least mean over a turn.</param>
/// <param name="ProcessorMilliseconds">The least processor time of a turn per step, all threads together.</param>
/// <param name="ManagedBytes">The fewest bytes that a turn has allocated on the managed heap per step.</param>
internal sealed record StepCost(string Name, double Milliseconds, double ProcessorMilliseconds, long ManagedBytes);
