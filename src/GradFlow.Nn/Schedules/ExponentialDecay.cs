namespace GradFlow.Nn;

/// <summary>
/// factor^(step/every): <see cref="StepDecay"/> without the stairs; as PyTorch's <c>ExponentialLR</c> where every is 1.
/// </summary>
/// <param name="every">Steps over which the rate is multiplied by the factor once, at least 1.</param>
/// <param name="factor">What the rate is multiplied by over those, above 0.</param>
public sealed class ExponentialDecay(int every, double factor) : Schedule
{
    private readonly int _every = Bounds.RequireCount(every);
    private readonly double _factor = Bounds.RequirePositive(factor);

    private protected override double FactorAt(int step) => Math.Pow(_factor, (double)step / _every);
}
