using System.Diagnostics;
using System.Globalization;
using GradFlow.KillTarget;

namespace GradFlow.Runs.Tests;

public sealed class KillTests : TemporaryFolder
{
    private const int Kills = 200;
    private const int Processes = 2;
    private const int KilledExitCode = 128 + 9;

    [Fact]
    public void What_was_committed_opens_however_the_writer_is_killed()
    {
        Parallel.For(0, Kills, new ParallelOptions { MaxDegreeOfParallelism = Processes }, kill =>
        {
            string path = In($"{kill}.db");
            int committed = WriteUntilKilled(path, kill);
            Run run = RunReader.Load(path);
            ShouldBeAPrefix(run, committed);
            AddAfterwards(path, run);
        });
    }

    // Returns how many steps the writer had reported as committed when it was killed.
    private static int WriteUntilKilled(string path, int seed)
    {
        var random = new Random(seed);
        using Process writer = Start(path, seed);
        int committed = 0;
        for (int report = random.Next(1, 8); report > 0; report--) committed = Next(writer);
        Thread.SpinWait(random.Next(200_000));
        writer.Kill();
        writer.WaitForExit();
        writer.ExitCode.ShouldBe(KilledExitCode);
        // What it reported before it died counts too; a line cut off by the kill does not.
        string rest = writer.StandardOutput.ReadToEnd();
        string[] lines = rest[..(rest.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? committed : int.Parse(lines[^1], CultureInfo.InvariantCulture);
    }

    private static Process Start(string path, int seed)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "GradFlow.KillTarget.dll");
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, [program, path, seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }

    private static int Next(Process writer)
    {
        string line = writer.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the writer ended");
        return int.Parse(line, CultureInfo.InvariantCulture);
    }

    private static void ShouldBeAPrefix(Run run, int committed)
    {
        RunJson.Serialize(run.Header).ShouldBe(RunJson.Serialize(EndlessRun.Header));
        run.Steps.Count.ShouldBeGreaterThanOrEqualTo(committed);
        for (int step = 0; step < run.Steps.Count; step++) run.Steps[step].ShouldBe(EndlessRun.Step(step));
        // A commit may fall between a step and its frame, never before the step.
        int frames = (run.Steps.Count + EndlessRun.FrameInterval - 1) / EndlessRun.FrameInterval;
        run.Frames.Count.ShouldBeInRange(Math.Max(0, frames - 1), frames);
        for (int i = 0; i < run.Frames.Count; i++)
            RunJson.Serialize(run.Frames[i]).ShouldBe(
                RunJson.Serialize(EndlessRun.Frame(i * EndlessRun.FrameInterval)));
    }

    private static void AddAfterwards(string path, Run run)
    {
        using (RunWriter writer = RunWriter.Open(path)) writer.Set(new RunEnd("interrupted", 1, null));
        Run after = RunReader.Load(path);
        after.Steps.Count.ShouldBe(run.Steps.Count);
        after.End.ShouldNotBeNull();
    }
}
