namespace GradFlow.Experiments;

/// <summary>
/// The rate rises to the optimiser's along half a cosine and falls to almost none (Smith &amp; Topin 2018), and the
/// momentum goes the other way (Smith 2018).
/// </summary>
[Entry("one-cycle")]
public sealed record OneCycleScheduleSpec : ScheduleSpec
{
    /// <summary>The share of the training in which it rises.</summary>
    [Limits(Above = 0, Below = 1)]
    public double Rise { get; init; } = 0.3;

    /// <summary>The first rate, as a share of the optimiser's.</summary>
    [Limits(AtLeast = 0, AtMost = 1)]
    public double StartFactor { get; init; } = 0.04;

    /// <summary>The last rate, as a share of the optimiser's.</summary>
    [Limits(AtLeast = 0, AtMost = 1)]
    public double FinalFactor { get; init; } = 4e-6;

    /// <summary>
    /// Whether the momentum of an optimiser that has one, or its beta1, goes from <see cref="MostMomentum"/> down to
    /// <see cref="LeastMomentum"/> while the rate rises, and up again while it falls.
    /// </summary>
    public bool CycleMomentum { get; init; } = true;

    /// <summary>The momentum where the rate is highest.</summary>
    [Limits(Above = 0, Below = 1)]
    public double LeastMomentum { get; init; } = 0.85;

    /// <summary>The momentum at both ends.</summary>
    [Limits(Above = 0, Below = 1)]
    public double MostMomentum { get; init; } = 0.95;
}
