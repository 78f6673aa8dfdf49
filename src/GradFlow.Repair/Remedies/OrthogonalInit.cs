using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Orthogonal weights, recurrent ones among them, with gain √2 before rectifiers and 1 else: no direction is favoured
/// (Saxe et al. 2014).
/// </summary>
public sealed class OrthogonalInit() : InitRemedy("orthogonal-init", RecurrentRewriting.WithOrthogonalRecurrence)
{
    private protected override InitSpec InitFor(LayerSpec? activation) =>
        new OrthogonalInitSpec { Gain = LayerRewriting.IsRectifier(activation) ? Math.Round(Math.Sqrt(2), 6) : 1 };
}
