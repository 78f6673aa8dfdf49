namespace GradFlow.Experiments;

/// <summary>Stretches of the chaotic solution of dx/dt = 0.2·x(t−τ)/(1 + x(t−τ)¹⁰) − 0.1·x (Mackey and Glass 1977), as
/// Jaeger 2001 prepares it; at every step the number a step ahead is to be predicted.</summary>
[Entry("mackey-glass")]
public sealed record MackeyGlassSpec : SeriesSpec
{
    /// <summary>The delay τ: the solution is mildly chaotic at 17, wildly at 30.</summary>
    [Written]
    [Limits(AtLeast = 1, AtMost = 1000)]
    public int Tau { get; init; } = 17;

    /// <summary>How many time steps ahead to predict.</summary>
    [Limits(AtLeast = 1, AtMost = 1000)]
    public int Ahead { get; init; } = 1;

    /// <summary>Whether x is squashed to tanh(x − 1).</summary>
    [Written]
    public bool Squash { get; init; } = true;

    /// <inheritdoc/>
    public override int? LongestDependency => null;
}
