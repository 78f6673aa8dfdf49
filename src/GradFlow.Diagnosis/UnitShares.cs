using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>A share of lost units (dead or saturated) in one layer, over a stretch of frames.</summary>
/// <param name="Signal">The layer.</param>
/// <param name="Index">Its row in <see cref="RunStructure.Signals"/>.</param>
/// <param name="First">The first share measured in the whole run.</param>
/// <param name="Share">The share judged: the mean over the stretch.</param>
internal sealed record UnitShares(SignalInfo Signal, int Index, double First, double Share)
{
    /// <summary>The layers whose share is known in the stretch, in the order of the net.</summary>
    public static List<UnitShares> Of(
        Run run, IEnumerable<Frame> stretch, Func<ForwardStatistics, IReadOnlyList<double?>?> select)
    {
        List<Frame> judged = [.. stretch];
        List<UnitShares> found = [];
        for (int i = 0; i < run.Header.Structure.Signals.Count; i++)
        {
            double? At(Frame frame) => frame.Forward is { } forward ? select(forward).At(i) : null;
            double? first = run.Frames.Select(At).FirstOrDefault(share => share is not null);
            if (LogMean.Of(judged.Select(At)) is { } mean && first is { } start)
                found.Add(new UnitShares(run.Header.Structure.Signals[i], i, start, mean));
        }
        return found;
    }

    /// <summary>The stretch of the net from the first to the last of some layers.</summary>
    public static LayerSpan Span(List<UnitShares> layers) => new(layers[0].Signal.Name, layers[^1].Signal.Name);
}
