using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>The first NaN or infinity of a run.</summary>
/// <param name="Step">The step in which it appeared.</param>
/// <param name="Origin">The layer and operation that produced it; null where they weren't found.</param>
/// <param name="IsFinal">False where the training went on with finite losses, as with a skipped step.</param>
/// <param name="FiniteSteps">How many steps with a finite loss came before.</param>
internal sealed record NonFiniteEvent(int Step, NonFiniteOrigin? Origin, bool IsFinal, int FiniteSteps)
{
    public static NonFiniteEvent? In(Run run)
    {
        StepRecord? broken = run.Steps.FirstOrDefault(IsBroken);
        bool endedBroken = run.End?.Reason == "non-finite";
        if (run.NonFinite is null && broken is null && !endedBroken) return null;

        int last = run.Steps.Count > 0 ? run.Steps[^1].Step : 0;
        int step = run.NonFinite?.Step ?? broken?.Step ?? last;
        bool isFinal = endedBroken || run.Steps.Count == 0 || last <= step || !double.IsFinite(run.Steps[^1].Loss);
        return new NonFiniteEvent(step, run.NonFinite, isFinal, run.Steps.Count(s => s.Step < step && !IsBroken(s)));
    }

    private static bool IsBroken(StepRecord step) =>
        !double.IsFinite(step.Loss) || step.GradientNorm is { } norm && !double.IsFinite(norm);
}
