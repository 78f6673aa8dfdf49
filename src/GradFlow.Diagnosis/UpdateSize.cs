using GradFlow.Diagnosis.Gains;

namespace GradFlow.Diagnosis;

/// <summary>How large the steps are beside the weights that they change.</summary>
/// <param name="Typical">‖Δw‖/‖w‖ of the middle weight, averaged over frames; null where not measured.</param>
/// <param name="Travel">
/// The relative distance that the fastest weight would move over the planned steps if all added up; null if not known.
/// </param>
internal sealed record UpdateSize(double? Typical, double? Travel)
{
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

    public static UpdateSize Of(Evidence evidence)
    {
        double[] ratios = [.. Enumerable.Range(0, evidence.Structure.Parameters.Count)
            .Where(i => evidence.Structure.Parameters[i] is { Role: "weight", IsFrozen: false })
            .Select(i => LogMean.Of(evidence.Run.Frames.Select(frame => frame.Parameters?.UpdateRatio.At(i))))
            .OfType<double>().Order()];
        if (ratios.Length == 0) return new UpdateSize(null, null);

        int steps = Math.Max(evidence.Plan.Steps, evidence.Run.Steps.Count);
        return new UpdateSize(ratios[ratios.Length / 2], ratios[^1] * steps);
    }
}
