using GradFlow.Runs;

namespace GradFlow.Cli.Rendering;

/// <summary>What stands behind a run's name.</summary>
internal static class RunNotes
{
    /// <summary>Its depth, seed and length.</summary>
    public static string[] Of(Run run)
    {
        int planned = run.Header.Plan.Steps, taken = run.Steps.Count;
        string steps = taken < planned
            ? $"{Numbers.Count(taken)} of {Numbers.Of(planned, "step")}"
            : Numbers.Of(taken, "step");
        if (run.End is { Seconds: > 0 } end)
            steps += (end.TimedFrom is > 0 and { } untimed ? $", {Numbers.Count(taken - untimed)} of them in " : " in ")
                + Numbers.Duration(TimeSpan.FromSeconds(end.Seconds));
        return [.. Of(run.Header), steps];
    }

    /// <summary>Its depth and seed, as far as they are known.</summary>
    public static string[] Of(RunHeader header)
    {
        var notes = new List<string>();
        if (header.Structure.Depth > 0) notes.Add(Numbers.Of(header.Structure.Depth, "layer"));
        if (header.Seed is { } seed) notes.Add($"seed {seed}");
        return [.. notes];
    }
}
