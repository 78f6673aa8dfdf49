using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>A run's records as rules read them: what several rules need is worked out once, here.</summary>
public sealed class Evidence
{
    /// <summary>Reads a run. Any array of its frames may be missing.</summary>
    /// <param name="run">The run to judge, finished or not.</param>
    /// <param name="thresholds">What to compare with; null for the calibrated defaults.</param>
    public Evidence(Run run, Thresholds? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        Run = run;
        Thresholds = thresholds ?? new Thresholds();
        Learning = Learning.Of(run, Thresholds);
        Broken = NonFiniteEvent.In(run);
        Flow = GradientFlow.Of(run, Learning, Thresholds);
        TroubleCause = Flow is not null && Flow.IsTrouble(Thresholds) ? GainCause.Of(Flow, this) : null;
    }

    /// <summary>The records.</summary>
    public Run Run { get; }

    /// <summary>What to compare with.</summary>
    public Thresholds Thresholds { get; }

    /// <summary>How far the training has come.</summary>
    public Learning Learning { get; }

    /// <summary>
    /// True where the training fails: it broke off in NaN or infinity, or has not moved its loss below the baseline.
    /// </summary>
    public bool Fails => Broken is { IsFinal: true } || Learning.State == LearningState.Stuck;

    /// <summary>True where the inputs' root mean square is known to be far from 1.</summary>
    public bool HasUnscaledInputs =>
        Plan.InputRms is { } rms && rms > 0 && (rms > Thresholds.LargestInputRms || rms < Thresholds.SmallestInputRms);

    internal TrainingPlan Plan => Run.Header.Plan;

    internal RunStructure Structure => Run.Header.Structure;

    /// <summary>The first NaN or infinity; null where all was finite.</summary>
    internal NonFiniteEvent? Broken { get; }

    /// <summary>The gradient's way back; null where no frame shows it before the net had converged.</summary>
    internal GradientFlow? Flow { get; }

    /// <summary>Why the gradient vanishes or explodes; null where it does neither.</summary>
    internal string? TroubleCause { get; }

    internal bool Vanishes => TroubleCause is not null && Flow!.LogRatio < 0;

    internal bool Explodes => TroubleCause is not null && Flow!.LogRatio > 0;

    /// <summary>The frame taken at step 0; null where recording began later.</summary>
    internal Frame? StartFrame => Run.Frames.FirstOrDefault() is { Step: 0 } frame ? frame : null;
}
