using GradFlow.Diagnosis.Gains;
using GradFlow.Runs;

namespace GradFlow.Diagnosis;

/// <summary>How much the signal grows on its way forward at step 0.</summary>
internal static class SignalGrowth
{
    /// <summary>log10 of the last layer's output RMS over the first one's; null if not known.</summary>
    public static double? Of(Evidence evidence)
    {
        if (evidence.StartFrame?.Forward is not { } forward) return null;
        IReadOnlyList<SignalInfo> signals = evidence.Structure.Signals;
        double[] sizes = [.. Enumerable.Range(0, signals.Count)
            .Where(i => signals[i].Kind == LinkKind.Weights && forward.Rms.At(i) is > 0)
            .Select(i => Math.Log10(forward.Rms.At(i)!.Value))];
        return sizes.Length >= 2 && sizes[^1] - sizes[0] is var growth && double.IsFinite(growth) ? growth : null;
    }
}
