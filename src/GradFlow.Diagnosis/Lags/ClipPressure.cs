using GradFlow.Runs;

namespace GradFlow.Diagnosis.Lags;

/// <summary>How much of the gradient clipping takes away.</summary>
internal static class ClipPressure
{
    /// <summary>The coefficient of the middle step; null where the training does not clip.</summary>
    public static double? Typical(Run run)
    {
        double[] sorted = [.. run.Steps.Select(step => step.ClipCoefficient).OfType<double>()
            .Where(double.IsFinite).Order()];
        return sorted.Length > 0 ? sorted[sorted.Length / 2] : null;
    }

    /// <summary>True where it takes nearly all of it at most steps.</summary>
    public static bool IsHard(Evidence evidence) => Typical(evidence.Run) < evidence.Thresholds.HardClip;

    /// <summary>The share of the steps that clipping shortens; null where the training does not clip.</summary>
    public static double? Share(Run run)
    {
        double[] known = [.. run.Steps.Select(step => step.ClipCoefficient).OfType<double>()];
        return known.Length > 0 ? (double)known.Count(coefficient => coefficient < 1) / known.Length : null;
    }

    /// <summary>
    /// True where steps that are too small would not be without it: it takes nearly all of most gradients, and the
    /// optimiser's steps are in proportion to what is left. Steps that float32 has lost altogether tell nothing of
    /// those without it; there it must itself leave less than float32 can add to a number.
    /// </summary>
    public static bool MakesStepsSmall(UpdateSize updates, Evidence evidence) =>
        evidence.Plan.Optimizer == "sgd" && IsHard(evidence) && updates.AreTooSmall(evidence)
        && Typical(evidence.Run) is { } kept
        && (updates.Travel > 0 ? !updates.Times(1 / kept).AreTooSmall(evidence) : kept < Float32Resolution);

    /// <summary>2⁻²⁴, half the distance from 1 to the next float32.</summary>
    private const double Float32Resolution = 1 / 16777216.0;

    /// <summary>
    /// True where an explosion that steps brought about is clipped in vain: an optimiser that divides by the gradient's
    /// size takes steps that are as long with a shorter gradient.
    /// </summary>
    public static bool IsVain(TimeFlow flow, string cause, Evidence evidence) =>
        flow.Trouble == TimeTrouble.Explodes && cause == CauseIds.LearningRate && Typical(evidence.Run) is not null
        && evidence.Plan.Optimizer is "adam" or "adamw" or "rmsprop" or "adagrad";
}
