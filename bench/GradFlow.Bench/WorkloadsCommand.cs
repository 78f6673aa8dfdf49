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
        var seconds = SecondsOption.Create("Time per workload and thread count", seconds: 2);
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

    public static Dictionary<string, Timing> Measure(string[] names, double seconds, int[] threads)
    {
        var timings = new Dictionary<string, Timing>();
        foreach (string name in names)
        {
            timings[name] = threads.Distinct().Select(count =>
            {
                Workers.Use(count);
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
        Console.WriteLine(Line("workload", "ms/step", "of cpu", "threads", "bytes/step", "tensors, MB"));
        foreach ((string name, Timing t) in timings)
            Console.WriteLine(Line(
                name, Fixed(t.Milliseconds, "0.000"), Fixed(t.ProcessorMilliseconds, "0.000"), $"{t.Threads}",
                $"{t.ManagedBytes}", Fixed(t.PoolBytes / 1e6, "0.0")));
    }

    private static string Fixed(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Line(string name, string time, string cpu, string threads, string bytes, string pool) =>
        $"{name,-28}{time,10}{cpu,10}{threads,9}{bytes,12}{pool,13}";
}

/// <summary>What a training step costs.</summary>
/// <param name="Milliseconds">The best mean over a stretch of steps.</param>
/// <param name="ProcessorMilliseconds">
/// The least processor time of a stretch per step, all threads together: what is left to trust on a busy machine.
/// </param>
/// <param name="Threads">Threads that took part.</param>
/// <param name="ManagedBytes">Bytes allocated on the managed heap per step, after warm-up.</param>
/// <param name="PoolBytes">Bytes of the tensors that a step holds at once, parameters apart.</param>
internal sealed record Timing(
    double Milliseconds, double ProcessorMilliseconds, int Threads, long ManagedBytes, long PoolBytes)
{
    private const int Stretches = 3;

    /// <summary>Measures a workload.</summary>
    public static Timing Of(Workload workload, double seconds)
    {
        for (int i = 0; i < 3; i++) workload.Step();
        // Code that runs often is compiled again, better; what is timed is what a training runs.
        Timing best = Stretch(workload, Math.Min(1, seconds / 2));
        best = best with { Milliseconds = double.PositiveInfinity, ProcessorMilliseconds = double.PositiveInfinity };
        for (int i = 0; i < Stretches; i++)
        {
            Timing next = Stretch(workload, seconds / Stretches);
            best = next with
            {
                Milliseconds = Math.Min(best.Milliseconds, next.Milliseconds),
                ProcessorMilliseconds = Math.Min(best.ProcessorMilliseconds, next.ProcessorMilliseconds),
            };
        }
        return best;
    }

    private static Timing Stretch(Workload workload, double seconds)
    {
        long before = GC.GetTotalAllocatedBytes(), start = Stopwatch.GetTimestamp();
        TimeSpan busy = Environment.CpuUsage.TotalTime;
        int steps = 0;
        double elapsed;
        do
        {
            workload.Step();
            steps++;
            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        while (elapsed < seconds);
        return new Timing(
            elapsed / steps * 1e3, (Environment.CpuUsage.TotalTime - busy).TotalMilliseconds / steps, Workers.Threads,
            (GC.GetTotalAllocatedBytes() - before) / steps, workload.PoolBytes);
    }
}
