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
    private const double SecondsPerTurn = 0.1, SecondsOfStoring = 2;
    private const int FewestTurns = 5;

    /// <summary>Measures a training.</summary>
    /// <param name="name">The training's name.</param>
    /// <param name="seconds">Time for the unwatched one, in turns; five turns at least.</param>
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
        foreach (WatchedWorkload way in ways) way.Warm(Math.Min(1, seconds / 2));
        // The least of short turns lies below that of long ones, so all are of as many steps.
        int interval = ways[^1].Interval;
        double secondsPerInterval = interval * ways[0].Turn(interval).Milliseconds / 1e3;
        int steps = interval * (int)Math.Ceiling(SecondsPerTurn / secondsPerInterval);
        foreach (WatchedWorkload way in ways) way.Forget();
        double spent = 0;
        for (int turn = 0; turn < FewestTurns || spent < seconds; turn++)
        {
            foreach (WatchedWorkload way in ways) way.Turn(steps);
            spent += steps * ways[0].Turns[^1].Milliseconds / 1e3;
        }
        return new WatchCost([.. ways.Select(way => way.Beside(ways[0]))], interval, StoreTime(ways[2]));
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
/// By how much more than the unwatched step's, the turn before in each case: the median over turns of the share.
/// </param>
/// <param name="MoreProcessorTime">The same of processor time.</param>
internal sealed record StepCost(string Name, StepTime Least, double More, double MoreProcessorTime);

/// <summary>What a step takes, as the mean over some.</summary>
/// <param name="Milliseconds">Time.</param>
/// <param name="ProcessorMilliseconds">Processor time, all threads together.</param>
/// <param name="ManagedBytes">Bytes allocated on the managed heap.</param>
internal readonly record struct StepTime(double Milliseconds, double ProcessorMilliseconds, long ManagedBytes);
