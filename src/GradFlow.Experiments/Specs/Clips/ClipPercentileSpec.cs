namespace GradFlow.Experiments;

/// <summary>AutoClip: the joint norm is at most a percentile of those so far (Seetharaman et al. 2020).</summary>
[Entry("percentile")]
public sealed record ClipPercentileSpec : ClipSpec
{
    /// <summary>The percentile.</summary>
    [Shorthand]
    [Written]
    [Limits(AtLeast = 0, AtMost = 100)]
    public double Percent { get; init; } = 10;

    /// <summary>How many of the latest steps it looks back on; all by default.</summary>
    [Limits(AtLeast = 1, AtMost = 1e9)]
    public int? Window { get; init; }
}
