namespace GradFlow.Experiments;

/// <summary>The step makes no update, and the training goes on with the next batch.</summary>
[Entry("skip")]
public sealed record SkipSpec : NonFiniteSpec
{
    /// <summary>Steps in a row that may be skipped before the training ends all the same.</summary>
    [Shorthand]
    [Written]
    [Limits(AtLeast = 1, AtMost = 1e6)]
    public int AtMost { get; init; } = 10;
}
