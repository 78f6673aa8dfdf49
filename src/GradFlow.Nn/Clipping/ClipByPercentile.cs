using GradFlow.Autograd;

namespace GradFlow.Nn;

/// <summary>
/// AutoClip (Seetharaman et al. 2020, algorithm 1): scales all gradients by one factor so that their norm is at most a
/// percentile of the norms seen so far, the present one included. The bound so follows the training's own scale.
/// </summary>
/// <remarks>A norm that is not finite is neither clipped nor remembered.</remarks>
public sealed class ClipByPercentile : GradientClipping
{
    private readonly NormHistory _history;

    /// <summary>Starts without a history, so that the first step is left as it is.</summary>
    /// <param name="percent">The percentile, from 0 to 100; the paper's 10 by default.</param>
    /// <param name="window">How many of the latest norms count, at least 1; null for all, as in the paper.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside its range.</exception>
    public ClipByPercentile(double percent = 10, int? window = null)
        : this(percent, new NormHistory(window is { } w ? Bounds.RequireCount(w, nameof(window)) : null))
    {
    }

    private ClipByPercentile(double percent, NormHistory history)
        : base("percentile", history)
    {
        if (!(percent is >= 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(percent), $"percent is {percent}; expected 0 to 100");
        (Percent, _history) = (percent, history);
    }

    /// <summary>The percentile.</summary>
    public double Percent { get; }

    /// <inheritdoc/>
    public override ClipResult ApplyInPlace(IReadOnlyList<Parameter> parameters)
    {
        double norm = GlobalNorm(parameters);
        if (!double.IsFinite(norm)) return new ClipResult(norm, norm, 1);
        _history.Add(norm);
        return ScaleTo(_history.Percentile(Percent), norm, parameters);
    }
}
