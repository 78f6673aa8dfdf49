using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// He's normal weights, variance 2/fan-in: what a rectifier's silent half takes is given back (He et al. 2015).
/// </summary>
public sealed class HeInit() : InitRemedy("he-init")
{
    private protected override InitSpec InitFor(LayerSpec? activation) => new HeNormalInitSpec();
}
