using GradFlow.Runs;

namespace GradFlow.Cli.Rendering;

/// <summary>A recurrent layer's way back through time, in the numbers that people and machines are told.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Step">The training step that it was measured at.</param>
/// <param name="Profile">What was measured there.</param>
internal sealed record TimeSummary(RecurrenceInfo Layer, int Step, TimeProfile Profile)
{
    /// <summary>Decades per time step; null where too little is known.</summary>
    public double? DecadesPerStep => LagProfile.DecadesPerStep(Profile.LagNorms);

    /// <summary>The first lag with less than 1 % left; null where it stays above as far as it is known.</summary>
    public int? MemoryHorizon => LagProfile.MemoryHorizon(Profile.LagNorms);

    /// <summary>The lag from which truncation cuts the gradient; null where it never does.</summary>
    public int? CutLag => LagProfile.CutLag(Profile.LagNorms);

    /// <summary>The farthest lag that is known.</summary>
    public int LastLag => Enumerable.Range(0, Profile.LagNorms.Count).Last(lag => Profile.LagNorms[lag] is not null);

    /// <summary>log10 of what is left at a lag of what arrives at lag 0.</summary>
    public double? LeftAt(int lag) => Profile.LagNorms[lag] - Profile.LagNorms[0];

    /// <summary>
    /// One of each recurrent layer that was measured: at the step from which a finding holds, else the latest whose
    /// slope is known.
    /// </summary>
    public static IReadOnlyList<TimeSummary> Of(Run run) =>
    [
        .. (run.Header.Structure.Recurrences ?? []).Select((layer, i) => Of(run, layer, i)).OfType<TimeSummary>(),
    ];

    private static TimeSummary? Of(Run run, RecurrenceInfo layer, int index)
    {
        List<TimeSummary> known = [.. run.Frames
            .Where(frame => index < frame.ThroughTime?.Count && frame.ThroughTime[index]?.LagNorms is [{ } first, ..]
                && double.IsFinite(first))
            .Select(frame => new TimeSummary(layer, frame.Step, frame.ThroughTime![index]!))];
        List<TimeSummary> judged = known.FindAll(summary => summary.DecadesPerStep is not null);
        Finding? finding = run.Diagnosis?.Findings.FirstOrDefault(finding =>
            IsThroughTime(finding) && finding.Where?.First == layer.Name);
        return judged.Find(summary => summary.Step >= finding?.SinceStep)
            ?? judged.LastOrDefault() ?? known.LastOrDefault();
    }

    /// <summary>Whether a finding speaks of the way back through time.</summary>
    public static bool IsThroughTime(Finding finding) =>
        finding.Rule is RuleIds.VanishingThroughTime or RuleIds.ExplodingThroughTime;
}
