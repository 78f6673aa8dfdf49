namespace GradFlow.Nn;

/// <summary>A schedule that says how the momentum changes too.</summary>
public interface IMovesMomentum
{
    /// <summary>The momentum at a step; null where it stays as it is.</summary>
    /// <param name="step">The update that is about to be made, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    double? Momentum(int step);
}
