namespace GradFlow.Theory;

/// <summary>
/// The linear recurrent unit at its ring initialisation, |λ|² uniform between r² and R² (Orvieto et al. 2023): over k
/// steps the squared gradient keeps E|λ|²ᵏ = (R²⁽ᵏ⁺¹⁾ − r²⁽ᵏ⁺¹⁾)/((k + 1)(R² − r²)), whatever comes in.
/// </summary>
/// <param name="Weights">Its input's weights; none of the state's.</param>
/// <param name="InnerRadius">r, at least 0.</param>
/// <param name="OuterRadius">R, above r and below 1.</param>
public sealed record LinearRecurrentUnitStage(RecurrentWeights Weights, double InnerRadius, double OuterRadius)
    : RecurrentStage(Weights)
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
    public double StateSecondMoment =>
        Math.Log((1 - Square(InnerRadius)) / (1 - Square(OuterRadius))) / (Square(OuterRadius) - Square(InnerRadius));

    private protected override double Decades(double drive, int steps)
    {
        double inner = Square(InnerRadius), outer = Square(OuterRadius);

        // The ratio of both radii stays a number where their powers don't.
        var log = (steps + 1) * Math.Log(outer) + Math.Log(1 - Math.Pow(inner / outer, steps + 1))
            - Math.Log((steps + 1) * (outer - inner));
        return 0.5 * log / Math.Log(10);
    }

    private protected override (double SecondMoment, double Mean) State(double drive) => (double.NaN, double.NaN);
}
