using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Orthogonal weights, scaled layer by layer to outputs of variance 1 on the first batch (Mishkin &amp; Matas 2016).
/// </summary>
public sealed class LsuvInit() : InitRemedy("lsuv-init")
{
    private protected override InitSpec InitFor(LayerSpec? activation) => new LsuvInitSpec();
}
