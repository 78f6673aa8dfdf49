using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Xavier's normal weights, variance 2/(fan-in + fan-out): for activations of slope 1 at 0 (Glorot &amp; Bengio 2010).
/// </summary>
public sealed class XavierInit() : InitRemedy("xavier-init")
{
    private protected override InitSpec InitFor(LayerSpec? activation) => new XavierNormalInitSpec();
}
