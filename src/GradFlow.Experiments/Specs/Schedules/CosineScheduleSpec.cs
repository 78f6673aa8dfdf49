namespace GradFlow.Experiments;

/// <summary>The rate falls along half a cosine (Loshchilov &amp; Hutter 2017, eq. 5, without restarts).</summary>
[Entry("cosine")]
public sealed record CosineScheduleSpec : ScheduleSpec
{
    /// <summary>The last rate, as a share of the optimiser's.</summary>
    [Limits(AtLeast = 0, AtMost = 1)]
    public double FinalFactor { get; init; }
}
