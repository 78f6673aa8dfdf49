namespace GradFlow.Experiments;

/// <summary>The rate falls by the same share at every step.</summary>
[Entry("exponential")]
public sealed record ExponentialScheduleSpec : ScheduleSpec
{
    /// <summary>Training steps over which the rate is multiplied by the factor once.</summary>
    [Limits(AtLeast = 1, AtMost = 1e9)]
    public required int Every { get; init; }

    /// <summary>What the rate is multiplied by over those.</summary>
    [Written]
    [Limits(Above = 0, AtMost = 1)]
    public double Factor { get; init; } = 0.1;
}
