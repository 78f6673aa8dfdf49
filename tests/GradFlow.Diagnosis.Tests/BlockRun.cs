using GradFlow.Runs;

namespace GradFlow.Diagnosis.Tests;

/// <summary>A run of a net whose links each hold the same parts, such as residual or normalised blocks.</summary>
internal static class BlockRun
{
    /// <summary>A run that is stuck at its baseline.</summary>
    /// <param name="blocks">How many links.</param>
    /// <param name="parts">Type, kind and decades of each part of a link.</param>
    public static Run Of(int blocks, params (string Type, LinkKind Kind, double Decades)[] parts)
    {
        double gain = parts.Sum(part => part.Decades);
        List<CutInfo> cuts = [.. Enumerable.Range(1, blocks + 1).Select(i => new CutInfo(Name(i), "block", i, true))];
        List<LinkInfo> links = [.. cuts.Skip(1).Select(
            cut => new LinkInfo(cut.Name, cut.Type, LinkKind.Skip, cut.Layer))];
        List<PartInfo> infos = [.. Enumerable.Range(0, blocks).SelectMany(link => parts.Select(
            part => new PartInfo(link, $"{links[link].Name}/{part.Type}", part.Type, part.Kind)))];
        double?[] norms = [.. cuts.Select((_, i) => (double?)(-1 + gain * (blocks - i)))];
        double?[] gains = [.. infos.Select((_, i) => (double?)parts[i % parts.Length].Decades)];

        Run run = SampleRuns.StuckForNoReason.Build().WithStructure(_ => new RunStructure(cuts, links, infos, [], []));
        return run.WithFrames(frame => new Frame(frame.Step, norms, gains, null, null, null));
    }

    private static string Name(int layer) => $"{layer}.block";
}
