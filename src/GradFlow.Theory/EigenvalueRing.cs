namespace GradFlow.Theory;

/// <summary>
/// Eigenvalues λ drawn on a ring, |λ|² uniform between r² and R², as a linear recurrent unit begins with them (Orvieto
/// et al. 2023).
/// </summary>
/// <param name="InnerRadius">r, at least 0.</param>
/// <param name="OuterRadius">R, above r and below 1.</param>
public sealed record EigenvalueRing(double InnerRadius, double OuterRadius)
{
    /// <summary>R, above r and below 1.</summary>
    public double OuterRadius { get; } = InnerRadius >= 0 && InnerRadius < OuterRadius && OuterRadius < 1
        ? OuterRadius
        : throw new ArgumentOutOfRangeException(
            nameof(OuterRadius), OuterRadius, "A ring lies between 0 and 1, its inner radius below its outer one.");

    /// <summary>
    /// The mean square of a state that has settled, for inputs of mean square 1 that are independent from step to step:
    /// E 1/(1 − |λ|²) = ln((1 − r²)/(1 − R²))/(R² − r²). The longer the memory, the larger, which γ = √(1 − |λ|²)
    /// undoes.
    /// </summary>
    public double StateSecondMoment => Math.Log((1 - Inner) / (1 - Outer)) / (Outer - Inner);

    private double Inner => InnerRadius * InnerRadius;

    private double Outer => OuterRadius * OuterRadius;

    /// <summary>
    /// ½·log₁₀ of what the squared gradient keeps over k steps, E|λ|²ᵏ = (R²⁽ᵏ⁺¹⁾ − r²⁽ᵏ⁺¹⁾)/((k + 1)(R² − r²)).
    /// </summary>
    /// <param name="steps">k, at least 0.</param>
    public double Decades(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);

        // The ratio of both radii stays a number where their powers don't.
        var log = (steps + 1) * Math.Log(Outer) + Math.Log(1 - Math.Pow(Inner / Outer, steps + 1))
            - Math.Log((steps + 1) * (Outer - Inner));
        return 0.5 * log / Math.Log(10);
    }
}
