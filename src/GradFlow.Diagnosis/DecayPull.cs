using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>How a weight decay weighs against what the loss teaches, at the first watched step.</summary>
internal static class DecayPull
{
    /// <summary>
    /// The length of what the decay takes off the weights over that of what the loss's gradient does to them: of a
    /// decoupled decay as steps, of one that goes by way of the gradient as gradients, after clipping, since an
    /// optimiser makes a step of both together. Null without a decay, or where these were not recorded.
    /// </summary>
    public static double? AtStart(Evidence evidence)
    {
        if (evidence.Run.Frames.FirstOrDefault() is not { Parameters: { } measured } frame) return null;
        if (evidence.Run.Steps.FirstOrDefault(step => step.Step == frame.Step) is not { } taken) return null;
        bool isDecoupled = evidence.Plan.IsDecayDecoupled == true;
        (double decay, double other) = (0, 0);
        for (int i = 0; i < evidence.Structure.Parameters.Count; i++)
        {
            ParameterInfo parameter = evidence.Structure.Parameters[i];
            if (parameter is { IsFrozen: true } || measured.WeightNorm.At(i) is not { } weights) continue;
            decay += Square((parameter.WeightDecay ?? 0) * weights * (isDecoupled ? taken.LearningRate : 1));
            double? moved = isDecoupled
                ? weights * measured.UpdateRatio.At(i)
                : Math.Pow(10, measured.GradientNorm.At(i) ?? double.NaN) * (taken.ClipCoefficient ?? 1);
            if (moved is { } known && double.IsFinite(known)) other += Square(known);
        }
        if (decay == 0) return null;
        // A step holds both, and they are about at right angles.
        if (isDecoupled) other = Math.Max(0, other - decay);
        return Math.Sqrt(decay / other);
    }

    private static double Square(double value) => value * value;
}
