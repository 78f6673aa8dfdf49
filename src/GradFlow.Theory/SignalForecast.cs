namespace GradFlow.Theory;

/// <summary>What is expected of every stage of a net at initialisation.</summary>
/// <param name="Stages">In forward order.</param>
public sealed record SignalForecast(IReadOnlyList<StageForecast> Stages)
{
    /// <summary>
    /// log10(‖∂L/∂input‖/‖∂L/∂output‖) of the whole net; null where a stage isn't covered.
    /// </summary>
    public double? TotalGain => GainOf(0, Stages.Count);

    /// <summary>The gain of several consecutive stages: the sum of theirs; null where one isn't covered.</summary>
    /// <param name="first">Index of the first.</param>
    /// <param name="count">How many; 0 gives a gain of 0.</param>
    public double? GainOf(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Stages.Count - first);
        double? sum = 0;
        for (var k = first; k < first + count; k++)
        {
            sum += Stages[k].Gain;
        }

        return sum;
    }
}

/// <summary>What is expected of one stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Gain">
/// Expected log10(‖∂L/∂in‖/‖∂L/∂out‖), ½·log10 of the mean squared ratio; null where not covered, −∞ where the
/// gradient is exactly zero.
/// </param>
/// <param name="OutputRms">Expected root mean square of the output; null where not covered.</param>
/// <param name="Branch">A block's branch, its own gains without the block's scale or share; empty elsewhere.</param>
/// <param name="SkipGain">
/// A block's gain less its scaled branch's: what the skip adds; all of it where no gradient enters the branch. Null
/// elsewhere.
/// </param>
/// <param name="Input">The signal that the stage gets.</param>
public sealed record StageForecast(
    Stage Stage,
    double? Gain,
    double? OutputRms,
    IReadOnlyList<StageForecast> Branch,
    double? SkipGain,
    SignalState Input);
