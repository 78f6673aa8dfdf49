using GradFlow.Tensors;

namespace GradFlow.Nn;

/// <summary>
/// Lowers the rate where a quantity stops improving, with the rules of PyTorch's <c>ReduceLROnPlateau</c>: a value that
/// is better than the best so far by more than a share of it is an improvement; after more than so many values in a row
/// without one the rate is multiplied by a factor, and a pause follows in which nothing is counted. Mutable. Unlike a
/// <see cref="Schedule"/> it is no function of the step: <see cref="Factor"/> holds until <see cref="Judge"/> changes
/// it.
/// </summary>
public sealed class OnPlateau : IKeepsState
{
    private const string Name = "progress";
    private readonly double _factor, _threshold, _floor;
    private readonly int _patience, _cooldown;
    private readonly bool _isHigherBetter;
    private double _best;
    private int _bad, _pause;

    /// <summary>Starts at factor 1.</summary>
    /// <param name="factor">What the rate is multiplied by, in (0, 1).</param>
    /// <param name="patience">How many values without an improvement are borne, at least 0.</param>
    /// <param name="threshold">The share of the best by which a value must be better, in [0, 1).</param>
    /// <param name="cooldown">Values after a change that are not counted, at least 0.</param>
    /// <param name="floor">The lowest factor, at least 0.</param>
    /// <param name="isHigherBetter">Whether larger values are better, as of an accuracy.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside its range.</exception>
    public OnPlateau(
        double factor = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, double floor = 0,
        bool isHigherBetter = false)
    {
        _factor = Bounds.RequireShare(Bounds.RequirePositive(factor), nameof(factor));
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        ArgumentOutOfRangeException.ThrowIfNegative(cooldown);
        (_patience, _cooldown, _isHigherBetter) = (patience, cooldown, isHigherBetter);
        _threshold = Bounds.RequireShare(threshold);
        _floor = Bounds.RequireNonNegative(floor);
        _best = isHigherBetter ? double.NegativeInfinity : double.PositiveInfinity;
    }

    /// <summary>What the rate is multiplied by at present.</summary>
    public double Factor { get; private set; } = 1;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>
    {
        [Name] = Tensor.From([Factor, _best, _bad, _pause]),
    };

    /// <summary>Takes the quantity's next value; NaN is no improvement.</summary>
    public void Judge(double value)
    {
        if (IsImprovement(value)) (_best, _bad) = (value, 0);
        else _bad++;
        if (_pause > 0) (_pause, _bad) = (_pause - 1, 0);
        if (_bad <= _patience) return;
        Factor = Math.Max(Factor * _factor, _floor);
        (_pause, _bad) = (_cooldown, 0);
    }

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.TryGetValue(Name, out Tensor? saved) || saved.Shape != new Shape(4))
            throw new ArgumentException(
                $"the state has no '{Name}' of shape [4]; expected that of a plateau", nameof(state));
        (Factor, _best, _bad, _pause) = (saved[0], saved[1], (int)saved[2], (int)saved[3]);
    }

    private bool IsImprovement(double value) =>
        _isHigherBetter ? value > _best * (1 + _threshold) : value < _best * (1 - _threshold);
}
