namespace GradFlow.Experiments;

/// <summary>The Gaussian error linear unit, x·Φ(x) (Hendrycks and Gimpel 2016).</summary>
[Entry("gelu")]
public sealed record GeluSpec : ActivationSpec
{
    /// <summary>With Φ itself, or with a tanh in its place.</summary>
    [Shorthand]
    public GeluForm Form { get; init; }
}

/// <summary>What GELU takes for the normal distribution function Φ.</summary>
public enum GeluForm
{
    /// <summary>Φ itself.</summary>
    Exact,

    /// <summary>½(1 + tanh(√(2/π)·(x + 0.044715·x³))), which is off by less than 10⁻³.</summary>
    Tanh,
}
