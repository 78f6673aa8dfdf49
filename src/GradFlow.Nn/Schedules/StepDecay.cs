namespace GradFlow.Nn;

/// <summary>factor^⌊step/every⌋, as PyTorch's <c>StepLR</c>.</summary>
/// <param name="every">Steps between two changes, at least 1.</param>
/// <param name="factor">What the rate is multiplied by at each change, above 0.</param>
public sealed class StepDecay(int every, double factor) : Schedule
{
    private readonly int _every = Bounds.RequireCount(every);
    private readonly double _factor = Bounds.RequirePositive(factor);

    private protected override double FactorAt(int step) => Math.Pow(_factor, step / _every);
}
