using System.Diagnostics;

namespace GradFlow.Tensors.Tests;

/// <summary>The kernels' tests once more, each time on a processor that is told to have less.</summary>
public sealed class NarrowerVectorsTests
{
    [Theory]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX2")]
    [InlineData("EnableHWIntrinsic")]
    public async Task Kernels_hold_without(string feature)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string tests = typeof(NarrowerVectorsTests).Assembly.Location;
        var start = new ProcessStartInfo(dotnet, [tests, "-class", "*KernelTests", "-noColor"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[$"DOTNET_{feature}"] = "0";
        using Process child = Process.Start(start)!;
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        child.ExitCode.ShouldBe(0, output);
        output.ShouldMatch(@"Total: [1-9]\d*, Errors: 0, Failed: 0");
    }
}
