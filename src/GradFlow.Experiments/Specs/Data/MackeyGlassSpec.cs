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

    /// <summary>
    /// Time steps that the trained net goes on by itself at the end of each test sequence, each prediction being its
    /// next input; its error at the last of them is reported (84 with Jaeger 2001). Left out, it isn't asked to.
    /// </summary>
    [Limits(AtLeast = 1, AtMost = 1e5)]
    public int? FreeRun { get; init; }

    /// <inheritdoc/>
    public override int? LongestDependency => null;

    private protected override SpecProblem? FindOwnProblem() => FreeRun switch
    {
        { } steps when steps >= Length => new SpecProblem(
            "free-run", $"'free-run' is {steps} of {Words.Count(Length, "step")}; expected fewer"),
        not null when Ahead != 1 => new SpecProblem(
            "free-run", $"'free-run' needs predictions one step ahead, found 'ahead: {Ahead}'; leave one of them out"),
        _ => null,
    };
}
