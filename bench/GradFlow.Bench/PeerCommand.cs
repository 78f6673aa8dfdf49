using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace GradFlow.Bench;

/// <summary>
/// <c>peer [--script FILE] [--step-script FILE] [--python COMMAND] [--only NAME…] [--seconds S] [--rounds N]</c>: runs
/// PyTorch's workloads and ours in turn and prints the ratios as the table that results.md keeps, and what peak memory
/// three steps cost. Each side is the best of all rounds.
/// </summary>
internal static class PeerCommand
{
    public static int Run(string[] args)
    {
        var script = new Option<string>("--script")
        {
            Description = "The peer's workloads",
            DefaultValueFactory = _ => "../shared/peers/torch_workloads.py",
        };
        var stepScript = new Option<string>("--step-script")
        {
            Description = "The peer's single steps, which tell of its memory",
            DefaultValueFactory = _ => "bench/torch_step.py",
        };
        var python = new Option<string>("--python")
        {
            Description = "A Python that has PyTorch",
            DefaultValueFactory = _ => "python3",
        };
        var only = new Option<string[]>("--only")
        {
            Description = "Names of workloads",
            AllowMultipleArgumentsPerToken = true,
        };
        var seconds = SecondsOption.Create("Time per workload, side and round", seconds: 2);
        var rounds = new Option<int>("--rounds") { Description = "Turns", DefaultValueFactory = _ => 3 };
        var command = new RootCommand("Compares with PyTorch.") { script, stepScript, python, only, seconds, rounds };
        command.SetAction(parsed =>
        {
            string[] names = parsed.GetValue(only) is { Length: > 0 } asked ? asked : [.. Workloads.Standard];
            try
            {
                Compare(
                    names, parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(python)!,
                    parsed.GetValue(script)!, parsed.GetValue(stepScript)!);
                return 0;
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException)
            {
                Console.Error.WriteLine(error.Message);
                return 2;
            }
        });
        return command.Parse(args).Invoke();
    }

    private static void Compare(
        string[] names, int rounds, double seconds, string python, string script, string stepScript)
    {
        var theirs = names.ToDictionary(name => name, _ => double.PositiveInfinity);
        var ours = new Dictionary<string, double>(theirs);
        for (int round = 0; round < rounds; round++)
        {
            foreach ((string name, double time) in Peer(python, script, names, seconds))
                theirs[name] = Math.Min(theirs[name], time);
            foreach ((string name, Timing timing) in WorkloadsCommand.Measure(names, seconds, Threads))
                ours[name] = Math.Min(ours[name], timing.Milliseconds);
        }
        Console.WriteLine(
            "| workload | PyTorch, ms | GradFlow, ms | ratio | PyTorch, MB | GradFlow, MB |\n"
                + "|---|--:|--:|--:|--:|--:|");
        foreach (string name in names)
        {
            string ratio = (theirs[name] / ours[name]).ToString("0.00", CultureInfo.InvariantCulture);
            string theirMemory = Child.Output(python, [stepScript, name]), ourMemory = MemoryCommand.Ask(name);
            Console.WriteLine(
                $"| {name} | {Milliseconds(theirs[name])} | {Milliseconds(ours[name])} | {ratio} | "
                    + $"{theirMemory} | {ourMemory} |");
        }
    }

    private static int[] Threads => [1, Environment.ProcessorCount];

    private static string Milliseconds(double time) => time.ToString("0.000", CultureInfo.InvariantCulture);

    private static Dictionary<string, double> Peer(string python, string script, string[] names, double seconds)
    {
        string output = Child.Output(python,
        [
            script, "--seconds", seconds.ToString(CultureInfo.InvariantCulture),
            "--threads", .. Threads.Distinct().Select(count => $"{count}"), "--only", .. names,
        ]);
        return JsonSerializer.Deserialize<Dictionary<string, double>>(output)!;
    }
}
