namespace GradFlow.Experiments;

/// <summary>Half a cosine again and again, each from the full rate (Loshchilov &amp; Hutter 2017).</summary>
[Entry("cosine-restarts")]
public sealed record CosineRestartsScheduleSpec : ScheduleSpec
{
    /// <summary>Training steps of the first cosine.</summary>
    [Shorthand]
    [Limits(AtLeast = 1, AtMost = 1e9)]
    public required int First { get; init; }

    /// <summary>How many times as long as the last the next one is.</summary>
    [Limits(AtLeast = 1, AtMost = 1000)]
    public int Growth { get; init; } = 1;

    /// <summary>What each falls to, as a share of the optimiser's rate.</summary>
    [Limits(AtLeast = 0, AtMost = 1)]
    public double FinalFactor { get; init; }
}
