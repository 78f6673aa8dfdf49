using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair;

/// <summary>
/// Time constants that all are at least as long as the task needs: of leaky units, and of a linear recurrent unit's
/// complex numbers.
/// </summary>
internal sealed class LengthenTimeConstants()
    : Intervention(CauseIds.Recurrence, "gave every unit a time constant as long as the task needs, weights unchanged")
{
    public override Experiment? Apply(Experiment experiment)
    {
        double needed = RecurrentRewriting.LongestTimeConstant(experiment);
        return RecurrentRewriting.Map(experiment, layer => layer switch
        {
            LeakyRnnSpec leaky when leaky.TimeConstant < needed => leaky with
            {
                TimeConstant = needed,
                Longest = leaky.Longest > needed ? leaky.Longest : null,
            },
            LruSpec lru => lru with
            {
                InnerRadius = Math.Max(lru.InnerRadius, RecurrentRewriting.RadiusOf(needed)),
                OuterRadius = Math.Max(lru.OuterRadius, RecurrentRewriting.RadiusOf(2 * needed)),
            },
            _ => layer,
        });
    }
}
