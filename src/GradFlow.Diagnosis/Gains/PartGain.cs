using GradFlow.Runs;

namespace GradFlow.Diagnosis.Gains;

/// <summary>A part of the net with its gain, averaged over the judged frames.</summary>
/// <param name="Link">The index of the link that it belongs to.</param>
/// <param name="Info">What it is.</param>
/// <param name="Block">The block's name, where the link has several parts.</param>
/// <param name="Decades">Its mean gain (<see cref="LogMean"/>); null where it was not measured or is undefined.</param>
internal sealed record PartGain(int Link, PartInfo Info, string? Block, double? Decades)
{
    public LinkKind Kind => Info.Kind;

    public AttributionEntry ToEntry() => new(Info.Name, Kind, Decades!.Value, Block);

    /// <summary>The parts of the trained net, in its order.</summary>
    public static List<PartGain> All(RunStructure structure, NetLayers layers, IReadOnlyList<Frame> frames)
    {
        ILookup<int, int> partsOf = Enumerable.Range(0, structure.Parts.Count).ToLookup(p => structure.Parts[p].Link);
        List<PartGain> all = [];
        for (int link = layers.FirstCut; link < structure.Links.Count; link++)
            all.AddRange(OfLink(structure, frames, link, [.. partsOf[link]]));
        return all;
    }

    private static IEnumerable<PartGain> OfLink(
        RunStructure structure, IReadOnlyList<Frame> frames, int link, int[] parts)
    {
        LinkInfo info = structure.Links[link];
        bool isMeasured = parts.Length > 0 && parts.All(p => frames.Any(frame => frame.PartGains.At(p) is not null));
        // Without its parts, a link is still known as a whole from the cuts on both its sides.
        double? whole = LogMean.Of(frames.Select(
            frame => LogMean.Difference(frame.CutNorms.At(link), frame.CutNorms.At(link + 1))));
        if (!isMeasured) return [new PartGain(link, new PartInfo(link, info.Name, info.Type, info.Kind), null, whole)];

        List<PartGain> gains = [.. parts.Select(p => new PartGain(
            link, structure.Parts[p], parts.Length > 1 ? info.Name : null,
            LogMean.Of(frames.Select(frame => frame.PartGains.At(p)))))];
        return frames.All(frame => AreFinite(frame, parts)) ? gains : Closed(gains, frames, parts, whole);
    }

    /// <summary>
    /// A branch that passed nothing at first has a gain in some frames only, and its skip then had all of the link's in
    /// the others. So branches are averaged where they passed something, and the skip is what is left of the link.
    /// </summary>
    private static List<PartGain> Closed(
        List<PartGain> gains, IReadOnlyList<Frame> frames, int[] parts, double? whole)
    {
        int skip = gains.FindIndex(part => part.Kind == LinkKind.Skip);
        List<Frame> passing = [.. frames.Where(frame => AreFinite(frame, parts))];
        if (skip < 0 || passing.Count == 0 || whole is not { } link || !double.IsFinite(link)) return gains;
        for (int i = 0; i < gains.Count; i++)
            gains[i] = gains[i] with { Decades = passing.Average(frame => frame.PartGains.At(parts[i])!.Value) };
        double rest = gains.Sum(part => part.Decades!.Value) - gains[skip].Decades!.Value;
        gains[skip] = gains[skip] with { Decades = link - rest };
        return gains;
    }

    private static bool AreFinite(Frame frame, int[] parts) =>
        parts.All(p => frame.PartGains.At(p) is { } gain && double.IsFinite(gain));
}
