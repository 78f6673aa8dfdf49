using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GradFlow.Tensors;

namespace GradFlow.Bench;

/// <summary>
/// <c>products [--only SHAPE…] [--seconds S] [--json]</c>: float32 matrix products on one thread against OpenBLAS's, in
/// turn within one run. A shape is m, k and n such as 32x32x32; a t behind it says that the right operand is stored
/// transposed, as weights are. Each figure is the shortest of many samples, as other work on the machine only adds.
/// </summary>
internal static class ProductsCommand
{
    private static readonly string[] Standard =
    [
        "32x32x32", "64x64x64", "128x128x128", "256x256x256", "512x512x512", "1024x1024x1024", "33x33x33", "73x73x73",
        "100x100x100", "127x127x127", "300x300x300", "32x32x32t", "128x128x128t", "512x512x512t", "1x128x128",
        "2x100x100t", "5x64x300", "16x100x400", "16x100x400t", "64x128x10", "64x128x10t", "16x2x100t", "128x784x256t",
        "256x128x784", "25088x144x16",
    ];

    public static int Run(string[] args)
    {
        var only = new Option<string[]>("--only")
        {
            Description = "Shapes, such as 32x100x10 or 32x100x10t",
            AllowMultipleArgumentsPerToken = true,
        };
        var seconds = SecondsOption.Create("Time per shape", seconds: 1);
        var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else" };
        var command = new RootCommand("Times matrix products against OpenBLAS's.") { only, seconds, json };
        command.SetAction(parsed =>
        {
            string[] shapes = parsed.GetValue(only) is { Length: > 0 } asked ? asked : Standard;
            if (shapes.FirstOrDefault(shape => ProductCase.Parse(shape) is null) is { } wrong)
            {
                Console.Error.WriteLine($"{wrong} is no shape of a product; expected m, k and n such as 32x100x10");
                return 2;
            }
            double time = parsed.GetValue(seconds);
            Print([.. shapes.Select(shape => Measure(ProductCase.Parse(shape)!, time))], parsed.GetValue(json));
            return 0;
        });
        return command.Parse(args).Invoke();
    }

    private static ProductTiming Measure(ProductCase product, double seconds)
    {
        Workers.Use(1);
        bool hasPeer = OpenBlas.IsThere();
        int calls = (int)Math.Clamp(1e6 / product.Operations, 1, 1000);
        double ours = double.PositiveInfinity, peer = double.PositiveInfinity;
        // Code that runs often is compiled again, better; only then does the clock count.
        for (long start = Stopwatch.GetTimestamp(); Seconds(start) < Math.Min(1, seconds);) product.Multiply();
        for (long start = Stopwatch.GetTimestamp(); Seconds(start) < seconds;)
        {
            ours = Math.Min(ours, Sample(product.Multiply, calls));
            if (hasPeer) peer = Math.Min(peer, Sample(product.MultiplyByPeer, calls));
        }
        return new ProductTiming(
            product.Name, product.Operations / ours / 1e9, hasPeer ? product.Operations / peer / 1e9 : null);
    }

    private static double Sample(Action multiply, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++) multiply();
        return Seconds(start) / calls;
    }

    private static double Seconds(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;

    private static void Print(ProductTiming[] timings, bool isJson)
    {
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                products = timings.ToDictionary(
                    t => t.Name, t => new { gflops = t.Ours, openblas = t.Peer, ratio = t.Ratio }),
            }));
            return;
        }
        Console.WriteLine(Line("product", "GFLOP/s", "OpenBLAS", "ratio"));
        foreach (ProductTiming t in timings) Console.WriteLine(Line(t.Name, Text(t.Ours), Text(t.Peer), Text(t.Ratio)));
    }

    private static string Text(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";

    private static string Line(string name, string ours, string peer, string ratio) =>
        $"{name,-18}{ours,10}{peer,10}{ratio,8}";
}
