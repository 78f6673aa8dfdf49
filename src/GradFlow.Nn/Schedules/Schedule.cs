namespace GradFlow.Nn;

/// <summary>What the learning rate is multiplied by at each step; a function of the step alone.</summary>
public abstract class Schedule
{
    /// <summary>The factor at a step.</summary>
    /// <param name="step">The update that is about to be made, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    public double Factor(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return FactorAt(step);
    }

    private protected abstract double FactorAt(int step);
}
