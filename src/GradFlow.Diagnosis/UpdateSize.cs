using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>How large the steps are beside the weights that they change.</summary>
/// <param name="Typical">‖Δw‖/‖w‖ of the middle weight, averaged over frames; null where not measured.</param>
/// <param name="Travel">
/// The relative distance that the fastest weight would move over the planned steps if all added up; null if not known.
/// </param>
/// <param name="Reach">
/// The most by which the planned steps together can lower the loss; null if not known. Along small steps the loss falls
/// by −Σ g·Δw, which is at most Σ ‖g‖·‖Δw‖ over steps and parameters (Cauchy-Schwarz), wherever the gradient points.
/// </param>
internal sealed record UpdateSize(double? Typical, double? Travel, double? Reach)
{
    /// <summary>
    /// True where even all planned steps together leave the weights where they are, or can't lower the loss by what
    /// counts as learned, so that no gradient is put to the test by them.
    /// </summary>
    public bool AreTooSmall(Evidence evidence) => AreStill(evidence) || IsReachShort(evidence);

    /// <summary>Steps so many times as long.</summary>
    public UpdateSize Times(double factor) => new(Typical * factor, Travel * factor, Reach * factor);

    /// <summary>True where all planned steps together leave the weights where they are.</summary>
    public bool AreStill(Evidence evidence) => Travel < evidence.Thresholds.ShortestTravel;

    /// <summary>True where all planned steps together can't lower the loss by what counts as learned.</summary>
    public bool IsReachShort(Evidence evidence) =>
        Reach < evidence.Thresholds.LearnedShare * (evidence.Plan.BaselineLoss ?? evidence.Learning.StartLoss);

    /// <summary>
    /// True where no step of the first layer changes a float32 weight; where steps were not recorded, for an optimiser
    /// whose steps are in proportion to the gradient.
    /// </summary>
    public static bool IsNothing(GradientFlow flow, Evidence evidence)
    {
        double[] ratios = [.. Enumerable.Range(0, evidence.Structure.Parameters.Count)
            .Where(i => evidence.Structure.Parameters[i] is { Role: "weight", IsFrozen: false } weight
                && weight.Layer == flow.Layers.First.Layer)
            .SelectMany(i => flow.Frames.Select(frame => frame.Parameters?.UpdateRatio.At(i)))
            .OfType<double>().Where(double.IsFinite)];
        return ratios.Length == 0
            ? evidence.Plan.Optimizer == "sgd"
            : ratios.Max() <= Math.Pow(10, -evidence.Thresholds.LostDecades);
    }

    /// <summary>True where the weights of the last frame have less than half of the norm of the first's.</summary>
    public static bool HaveShrunk(Evidence evidence) => NormLeft(evidence) < 0.5;

    /// <summary>The weights' norm in the last frame over that in the first; null where not measured twice.</summary>
    public static double? NormLeft(Evidence evidence)
    {
        double[] norms = [.. evidence.Run.Frames.Select(frame => Norm(frame.Parameters)).OfType<double>()];
        return norms.Length > 1 ? norms[^1] / norms[0] : null;
    }

    private static double? Norm(ParameterStatistics? parameters) =>
        parameters?.WeightNorm is { } norms ? Math.Sqrt(norms.OfType<double>().Sum(norm => norm * norm)) : null;

    public static UpdateSize Of(Evidence evidence)
    {
        double[] ratios = [.. Enumerable.Range(0, evidence.Structure.Parameters.Count)
            .Where(i => evidence.Structure.Parameters[i] is { Role: "weight", IsFrozen: false })
            .Select(i => LogMean.Of(evidence.Run.Frames.Select(frame => frame.Parameters?.UpdateRatio.At(i))))
            .OfType<double>().Order()];
        if (ratios.Length == 0) return new UpdateSize(null, null, null);

        int steps = Math.Max(evidence.Plan.Steps, evidence.Run.Steps.Count);
        double[] falls = [.. evidence.Run.Frames.Select(frame => MostFall(evidence, frame)).OfType<double>()];
        return new UpdateSize(
            ratios[ratios.Length / 2], ratios[^1] * steps, falls.Length > 0 ? falls.Average() * steps : null);
    }

    /// <summary>Σ ‖g‖·‖Δw‖ of a frame's step; null where not all of it was measured, as where w is 0.</summary>
    private static double? MostFall(Evidence evidence, Frame frame)
    {
        if (frame.Parameters is not { } measured) return null;
        double sum = 0;
        for (int i = 0; i < evidence.Structure.Parameters.Count; i++)
        {
            if (evidence.Structure.Parameters[i].IsFrozen) continue;
            if (measured.GradientNorm.At(i) is not { } norm) return null;
            if (double.IsNegativeInfinity(norm)) continue;
            double? length = measured.WeightNorm.At(i) * measured.UpdateRatio.At(i);
            if (length is not { } moved || double.IsNaN(moved) || double.IsNaN(norm)) return null;
            sum += Math.Pow(10, norm) * moved;
        }
        return sum;
    }
}
