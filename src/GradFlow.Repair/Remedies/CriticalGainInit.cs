using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Normal weights at the main activation's critical scale by mean-field theory (Schoenholz et al. 2017); not where
/// there is none, nor where units saturate at it.
/// </summary>
public sealed class CriticalGainInit() : InitRemedy("critical-gain")
{
    private protected override InitSpec? InitFor(LayerSpec? activation) =>
        activation is ActivationSpec phi && CriticalInitSpec.GainOf(phi) is { } sigmaW
            ? new LecunNormalInitSpec { Gain = Math.Round(sigmaW, 6) }
            : null;
}
