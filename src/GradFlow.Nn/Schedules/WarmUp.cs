namespace GradFlow.Nn;

/// <summary>
/// Rises linearly from 1/steps at step 0 to 1 at the last of its steps; then another schedule begins, at its own step 0
/// (Goyal et al. 2017, section 2.2). A momentum that the other one moves stays at its first value until then.
/// </summary>
/// <param name="steps">How many steps it takes, at least 0.</param>
/// <param name="then">What follows.</param>
public sealed class WarmUp(int steps, Schedule then) : Schedule, IMovesMomentum
{
    private readonly int _steps = steps >= 0
        ? steps
        : throw new ArgumentOutOfRangeException(nameof(steps), $"steps is {steps}; expected at least 0");

    private readonly Schedule _then = then ?? throw new ArgumentNullException(nameof(then));

    /// <inheritdoc/>
    public double? Momentum(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return (_then as IMovesMomentum)?.Momentum(Math.Max(0, step - _steps));
    }

    private protected override double FactorAt(int step) =>
        step < _steps ? (step + 1.0) / _steps : _then.Factor(step - _steps);
}
