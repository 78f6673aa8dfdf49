using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>How widely the heads of one attention layer look, over a stretch of frames.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Shares">
/// Per head, its entropy as a share of the largest there could be, averaged over the stretch.
/// </param>
/// <param name="First">The mean over heads in the first frame that tells.</param>
internal sealed record HeadEntropy(AttentionInfo Layer, IReadOnlyList<double> Shares, double First)
{
    /// <summary>The mean over heads.</summary>
    public double Mean => Shares.Average();

    /// <summary>Heads below a share.</summary>
    public int Below(double share) => Shares.Count(own => own < share);

    /// <summary>The layers that the stretch tells of, in the order of the net.</summary>
    public static List<HeadEntropy> Of(Run run, IEnumerable<Frame> stretch)
    {
        List<Frame> judged = [.. stretch];
        List<HeadEntropy> found = [];
        for (int i = 0; i < (run.Header.Structure.Attentions?.Count ?? 0); i++)
        {
            List<double[]> shares = SharesIn(judged, i);
            if (shares.Count == 0 || SharesIn(run.Frames, i) is not [var first, ..]) continue;
            double[] means = [.. Enumerable.Range(0, first.Length).Select(head => shares.Average(own => own[head]))];
            found.Add(new HeadEntropy(run.Header.Structure.Attentions![i], means, first.Average()));
        }
        return found;
    }

    private static List<double[]> SharesIn(IEnumerable<Frame> frames, int layer) =>
        [.. frames.Select(frame => frame.Attention?[layer]?.EntropyShare.ToArray()).OfType<double[]>()
            .Where(shares => shares.Length > 0 && shares.All(double.IsFinite))];
}
