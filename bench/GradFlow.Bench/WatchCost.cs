using System.Diagnostics;
using GradFlow.Flow;
using GradFlow.Runs;

namespace GradFlow.Bench;

/// <summary>What watching adds to a training step.</summary>
/// <param name="Unwatched">What a step takes that nobody watches, the least of a turn.</param>
/// <param name="Ways">What a step takes by each way of watching.</param>
/// <param name="Interval">Steps between two frames at the default budget.</param>
/// <param name="StoreMilliseconds">
/// What one frame takes to be written into a run's database, on the training's thread.
/// </param>
internal sealed record WatchCost(
    StepTime Unwatched, IReadOnlyList<StepCost> Ways, int Interval, double StoreMilliseconds)
{
    private const double SecondsPerTurn = 0.1, SecondsOfStoring = 2;
    private const int FewestTurns = 5;

    /// <summary>Measures a training.</summary>
    /// <param name="name">The training's name.</param>
    /// <param name="seconds">Time for unwatched steps beside each way of watching; five turns at least.</param>
    public static WatchCost Of(string name, double seconds)
    {
        var everyStep = new WatchOptions { Budget = 1, MaxInterval = 1 };
        WatchedWorkload[] ways =
        [
            new("every step, no histograms", Workloads.Create(name), everyStep with { HasHistograms = false }),
            new("every step", Workloads.Create(name), everyStep),
            new("by default", Workloads.Create(name), new WatchOptions()),
        ];
        // Code that runs often is compiled again, better; what is timed is what a training runs.
        foreach (WatchedWorkload way in ways) way.Warm(Math.Min(1, seconds / 2));
        int interval = ways[^1].Interval;
        double secondsPerInterval = interval * ways[0].Unwatched.Milliseconds / 1e3;
        int steps = interval * (int)Math.Ceiling(SecondsPerTurn / secondsPerInterval);
        foreach (WatchedWorkload way in ways) way.Forget();
        double turns = Math.Max(FewestTurns, seconds / (steps / interval * secondsPerInterval));
        for (int turn = 0; turn < turns; turn++)
            foreach (WatchedWorkload way in ways) way.Turn(steps);
        return new WatchCost(ways[0].Unwatched, [.. ways.Select(way => way.Cost)], interval, StoreTime(ways[1]));
    }

    private static double StoreTime(WatchedWorkload watched)
    {
        string folder = Directory.CreateTempSubdirectory("gradflow-bench").FullName;
        try
        {
            var plan = new TrainingPlan(int.MaxValue, 0, 1, "loss", "sgd", 1e-3, null, null, null, null, null, null);
            var header = new RunHeader(
                watched.Name, 0, DateTimeOffset.UnixEpoch, "bench", plan, watched.Structure);
            using RunWriter writer = RunWriter.Create(Path.Combine(folder, "run.db"), header);
            double best = double.PositiveInfinity;
            // As many as it takes until all code on the way has been compiled for good.
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; Stopwatch.GetElapsedTime(begin).TotalSeconds < SecondsOfStoring; i++)
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
/// <param name="Least">The least that a turn has taken per step.</param>
/// <param name="More">
/// By how much more than the same training's unwatched, the turn before in each case: the median over turns.
/// </param>
/// <param name="MoreProcessorTime">The same of processor time.</param>
internal sealed record StepCost(string Name, StepTime Least, double More, double MoreProcessorTime);

/// <summary>What a step takes, as the mean over some.</summary>
/// <param name="Milliseconds">Time.</param>
/// <param name="ProcessorMilliseconds">Processor time, all threads together.</param>
/// <param name="ManagedBytes">Bytes allocated on the managed heap.</param>
internal readonly record struct StepTime(double Milliseconds, double ProcessorMilliseconds, long ManagedBytes);
