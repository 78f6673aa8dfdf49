using GradFlow.Runs;

namespace GradFlow.Experiments;

/// <summary>A training that a stop is about.</summary>
/// <param name="Experiment">The training.</param>
/// <param name="CostPerStep">How long a step takes beside one of a small net without recurrence.</param>
internal sealed record Leg(Experiment Experiment, int CostPerStep = 1)
{
    /// <summary>How long it takes, in steps of a small net.</summary>
    public long Cost => (long)CostPerStep * Experiment.Training.Steps!.Value;
}

/// <summary>One idea of the tour: which trainings show it, and what they have shown.</summary>
internal abstract class Stop
{
    /// <summary>The trainings, each by itself.</summary>
    public abstract IEnumerable<Leg> Legs(TourOptions options);

    /// <summary>What the trainings came to, in pictures and words. Nothing in it is known beforehand.</summary>
    /// <param name="runs">The runs of the legs, in their order.</param>
    public abstract TourStop Tell(IReadOnlyList<Run> runs);
}
