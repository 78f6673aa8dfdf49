using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GradFlow.Tensors;

namespace GradFlow.Bench;

/// <summary>
/// <c>watch [--only NAME…] [--seconds S] [--threads N] [--json]</c>: what the watch adds to a training step. The same
/// training is taken watched on every step without and with histograms, and watched at the default budget, each in turn
/// with itself unwatched, within one run. Frames are kept in memory; what the store adds per frame is timed by itself.
/// </summary>
internal static class WatchCommand
{
    private static readonly string[] Standard =
    [
        "mlp-20x128-b64", "mlp-mnist-b128", "mlp-1000x32-b32", "resnet20-c16-28x28-b32",
        "rnn-t400-h100-b16", "lstm-t400-h100-b16", "gru-t400-h100-b16", "transformer-d64-l4-t64-b16",
    ];

    public static int Run(string[] args)
    {
        var only = new Option<string[]>("--only")
        {
            Description = "Names; the shape is part of a name, such as mlp-300x73-b17",
            AllowMultipleArgumentsPerToken = true,
        };
        var seconds = SecondsOption.Create("Time of unwatched steps per workload and way of watching", seconds: 4);
        var threads = new Option<int>("--threads")
        {
            Description = "Threads; one per core by default",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else" };
        var command = new RootCommand("Times what the watch adds to training steps.") { only, seconds, threads, json };
        command.SetAction(parsed =>
        {
            string[] names = parsed.GetValue(only) is { Length: > 0 } asked ? asked : Standard;
            try
            {
                Workers.Use(parsed.GetValue(threads));
                var costs = names.ToDictionary(name => name, name => WatchCost.Of(name, parsed.GetValue(seconds)));
                if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(new { watch = costs }));
                else Print(costs);
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

    private static void Print(Dictionary<string, WatchCost> costs)
    {
        foreach ((string name, WatchCost cost) in costs)
        {
            Console.WriteLine(
                $"{name}: a frame every {cost.Interval} steps of a long training by default; "
                + $"storing one takes {Fixed(cost.StoreMilliseconds)} ms");
            Console.WriteLine(Line("", "ms/step", "more", "of cpu", "more", "bytes/step"));
            var unwatched = new StepCost("unwatched", cost.Unwatched, 0, 0);
            foreach (StepCost way in cost.Ways.Prepend(unwatched))
                Console.WriteLine(Line(
                    way.Name, Fixed(way.Least.Milliseconds), Share(way.More),
                    Fixed(way.Least.ProcessorMilliseconds), Share(way.MoreProcessorTime),
                    $"{way.Least.ManagedBytes}"));
        }
    }

    private static string Fixed(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Share(double more) =>
        (100 * more).ToString("+0.0;-0.0;0", CultureInfo.InvariantCulture) + " %";

    private static string Line(string way, string time, string more, string cpu, string moreCpu, string bytes) =>
        $"  {way,-28}{time,10}{more,10}{cpu,10}{moreCpu,10}{bytes,12}";
}
