using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GradFlow.Tensors;

namespace GradFlow.Bench;

/// <summary>
/// <c>workloads [--only NAME…] [--seconds S] [--threads N…] [--json]</c>: milliseconds per training step, the best over
/// the thread counts, each measured as the peer's are: three warm-up steps, then the best mean of three stretches.
/// </summary>
internal static class WorkloadsCommand
{
    public static int Run(string[] args)
    {
        var only = new Option<string[]>("--only")
        {
            Description = "Names; the shape is part of a name, such as mlp-300x73-b17",
            AllowMultipleArgumentsPerToken = true,
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Time per workload and thread count",
            DefaultValueFactory = _ => 2,
        };
        var threads = new Option<int[]>("--threads")
        {
            Description = "Thread counts to try; the best counts",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [1, Environment.ProcessorCount],
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else" };
        var command = new RootCommand("Times whole training steps.") { only, seconds, threads, json };
        command.SetAction(parsed =>
        {
            string[] names = parsed.GetValue(only) is { Length: > 0 } asked ? asked : [.. Workloads.Standard];
            try
            {
                Print(Measure(names, parsed.GetValue(seconds), parsed.GetValue(threads)!), parsed.GetValue(json));
                return 0;
            }
            catch (ArgumentException error)
            {
                Console.Error.WriteLine(error.Message);
                return 2;
            }
        });
        return command.Parse(args).Invoke();
    }

    private static Dictionary<string, Timing> Measure(string[] names, double seconds, int[] threads)
    {
        var timings = new Dictionary<string, Timing>();
        foreach (string name in names)
        {
            timings[name] = threads.Distinct().Select(count =>
            {
                Workers.Threads = count;
                return Timing.Of(Workloads.Create(name), seconds);
            }).MinBy(timing => timing.Milliseconds)!;
        }
        return timings;
    }

    private static void Print(Dictionary<string, Timing> timings, bool isJson)
    {
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new { workloads = timings.ToDictionary(t => t.Key, t => Math.Round(t.Value.Milliseconds, 4)) }));
            return;
        }
        Console.WriteLine(Line("workload", "ms/step", "threads", "bytes/step", "tensors, MB"));
        foreach ((string name, Timing t) in timings)
            Console.WriteLine(Line(
                name, t.Milliseconds.ToString("0.000", CultureInfo.InvariantCulture), $"{t.Threads}",
                $"{t.ManagedBytes}", (t.PoolBytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture)));
    }

    private static string Line(string name, string time, string threads, string bytes, string pool) =>
        $"{name,-28}{time,10}{threads,9}{bytes,12}{pool,13}";
}

/// <summary>What a training step costs.</summary>
/// <param name="Milliseconds">The best mean over a stretch of steps.</param>
/// <param name="Threads">Threads that took part.</param>
/// <param name="ManagedBytes">Bytes allocated on the managed heap per step, after warm-up.</param>
/// <param name="PoolBytes">Bytes of the tensors that a step holds at once, parameters apart.</param>
internal sealed record Timing(double Milliseconds, int Threads, long ManagedBytes, long PoolBytes)
{
    private const int Stretches = 3;

    /// <summary>Measures a workload.</summary>
    public static Timing Of(Workload workload, double seconds)
    {
        for (int i = 0; i < 3; i++) workload.Step();
        // Code that runs often is compiled again, better; what is timed is what a training runs.
        Stretch(workload, Math.Min(1, seconds / 2), out _);
        double best = double.PositiveInfinity;
        long bytes = 0;
        for (int i = 0; i < Stretches; i++) best = Math.Min(best, Stretch(workload, seconds / Stretches, out bytes));
        return new Timing(best, Workers.Threads, bytes, workload.PoolBytes);
    }

    private static double Stretch(Workload workload, double seconds, out long bytesPerStep)
    {
        long before = GC.GetTotalAllocatedBytes(), start = Stopwatch.GetTimestamp();
        int steps = 0;
        double elapsed;
        do
        {
            workload.Step();
            steps++;
            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds);
        bytesPerStep = (GC.GetTotalAllocatedBytes() - before) / steps;
        return elapsed / steps * 1e3;
    }
}
