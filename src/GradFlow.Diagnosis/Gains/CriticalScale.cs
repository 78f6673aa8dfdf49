using System.Collections.Concurrent;
using GradFlow.Theory;

namespace GradFlow.Diagnosis.Gains;

/// <summary>The weights' σw at which a wide net of one activation neither shrinks nor grows its gradient.</summary>
/// <param name="SigmaW">Standard deviation of the weights times √fan-in; NaN where no scale does it.</param>
/// <param name="IsUsable">False where there is none, or only deep in saturation, as for the sigmoid.</param>
internal sealed record CriticalScale(double SigmaW, bool IsUsable)
{
    /// <summary>
    /// Constants of mathematics; each takes a search, which is longer than all else that a judgement does.
    /// </summary>
    private static readonly ConcurrentDictionary<string, CriticalScale> Known = [];

    /// <summary>log10 of the gain that the activation needs of the weights; 0 where no gain would help it.</summary>
    public double Decades => IsUsable ? Math.Log10(SigmaW) : 0;

    /// <summary>The scale for an activation's type; null where theory does not know the type.</summary>
    public static CriticalScale? Of(string type) => Nonlinearities.Find(type) is { } nonlinearity
        ? Known.GetOrAdd(type, _ => Search(nonlinearity))
        : null;

    private static CriticalScale Search(Nonlinearity nonlinearity)
    {
        CriticalGain? gain = MeanField.CriticalGain(nonlinearity);
        return gain is null ? new CriticalScale(double.NaN, false) : new CriticalScale(gain.SigmaW, gain.IsUsable);
    }
}
