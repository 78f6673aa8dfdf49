namespace GradFlow.Flow;

/// <summary>How closely to watch.</summary>
/// <param name="Budget">The share of the training's time that watching may cost, by the cost model; 5 % by default.</param>
/// <param name="MaxInterval">The most steps between two frames, even where that exceeds the budget.</param>
public sealed record WatchOptions(double Budget = 0.05, int MaxInterval = 50);

/// <summary>
/// Which steps are watched. A deterministic cost model decides, not the clock, so that frames and verdicts are the same
/// on a slow machine.
/// </summary>
/// <remarks>
/// A step costs about six operations per weight and sample (two for the forward product, four for the backward ones);
/// a frame touches each element of the activations and their cotangents and, several times, of the parameters. Steps
/// 0, 1, 2, 4, 8, … are watched beside every interval-th, since what goes wrong at the start is seen there.
/// </remarks>
internal sealed class WatchSchedule
{
    /// <summary>What touching one element costs a probe, in multiply-adds of a matrix product.</summary>
    private const double OperationsPerElement = 16;

    private readonly int _interval;

    public WatchSchedule(WatchOptions options, long weights, long activations, int batch)
    {
        if (!(options.Budget > 0 && options.Budget <= 1))
            throw new ArgumentOutOfRangeException(nameof(options), $"a watching budget of {options.Budget}; expected more than 0, at most 1");
        if (options.MaxInterval < 1)
            throw new ArgumentOutOfRangeException(nameof(options), $"at most {options.MaxInterval} steps between frames; expected 1 or more");
        double step = 6.0 * weights * batch + 8.0 * activations;
        double frame = OperationsPerElement * (3.0 * activations + 8.0 * weights);
        double needed = frame / (options.Budget * Math.Max(1, step));
        _interval = (int)Math.Clamp(Math.Ceiling(needed), 1, options.MaxInterval);
    }

    /// <summary>Steps between two frames, once the start is over.</summary>
    public int Interval => _interval;

    public bool IsWatched(int step) => step % _interval == 0 || (step < _interval && int.IsPow2(step));
}
