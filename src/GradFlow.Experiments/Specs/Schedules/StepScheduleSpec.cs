namespace GradFlow.Experiments;

/// <summary>The rate is multiplied by a factor every so many steps.</summary>
[Entry("step")]
public sealed record StepScheduleSpec : ScheduleSpec
{
    /// <summary>Training steps between two changes.</summary>
    [Limits(AtLeast = 1, AtMost = 1e9)]
    public required int Every { get; init; }

    /// <summary>What the rate is multiplied by at each change.</summary>
    [Written]
    [Limits(Above = 0, AtMost = 1)]
    public double Factor { get; init; } = 0.1;
}
