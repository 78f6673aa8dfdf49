namespace GradFlow.Nn;

/// <summary>An optimiser that keeps a share of its last direction.</summary>
public interface IHasMomentum
{
    /// <summary>
    /// The share that the next step keeps, in [0, 1); a schedule may set it. It is no part of the optimiser's state.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set outside of [0, 1).</exception>
    double Momentum { get; set; }
}
