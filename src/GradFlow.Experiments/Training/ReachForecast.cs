using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>What windows of attention keep from the output, as far as that is known before the first step.</summary>
internal static class ReachForecast
{
    /// <summary>A sentence where they end before what is needed, or before the sequence does; else null.</summary>
    public static string? Sentence(ShortReach? reach) => reach switch
    {
        null => null,
        { IsNeedKnown: true } =>
            $"Expected to vanish through time: {Seen(reach)}, where the task needs {reach.Needed}, and exactly none of "
                + "the gradient comes that far.",
        _ => $"T{Seen(reach)[1..]}, where a sequence has {reach.Needed + 1}: what lies further back is never learned "
            + "from.",
    };

    private static string Seen(ShortReach reach) =>
        $"through {reach.Windows} the output sees no further back than {reach.Reach}";
}
