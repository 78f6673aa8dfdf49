namespace GradFlow.Flow;

/// <summary>
/// Which steps are watched. A deterministic cost model decides, not the clock, so that frames and verdicts are the same
/// on a slow machine.
/// </summary>
/// <remarks>
/// Steps 0, 1, 2, 4, 8 and 16 are watched, since what goes wrong at the start is seen there. Then frames stand as far
/// apart as the budget asks for, but in a young training no further than that a judgement has enough of them: every
/// <see cref="Dense"/> steps up to step 1024, and from there on <see cref="FramesPerDoubling"/> while the training
/// doubles its length. A short training costs little, whatever its share; a long one comes to its budget.
/// </remarks>
internal sealed class WatchSchedule
{
    /// <summary>The most steps between two frames of a young training.</summary>
    private const int Dense = 16;

    private const int FramesPerDoubling = 32;

    /// <summary>The share of the budget that goes to spectra, where there are any.</summary>
    private const double SpectralShare = 0.25;

    /// <summary>
    /// Spectra are taken at one step in this many times the longest interval at least, even beyond the budget.
    /// </summary>
    private const int SpectraPerInterval = 64;

    private const int FirstSpectra = 64;

    public WatchSchedule(WatchOptions options, WatchCosts costs)
    {
        if (!(options.Budget > 0 && options.Budget <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(options), $"a watching budget of {options.Budget}; expected more than 0, at most 1");
        if (options.MaxInterval < 1)
            throw new ArgumentOutOfRangeException(
                nameof(options), $"at most {options.MaxInterval} steps between frames; expected 1 or more");
        double spectral = costs.Spectra > 0 ? SpectralShare : 0;
        int IntervalOf(double cost, double share, int most) =>
            (int)Math.Clamp(Math.Ceiling(cost / (options.Budget * share * costs.Step)), 1, most);
        Interval = IntervalOf(costs.Frame, 1 - spectral, options.MaxInterval);
        SpectralInterval = spectral > 0
            ? IntervalOf(costs.Spectra, spectral, Math.Min(options.MaxInterval, Dense) * SpectraPerInterval)
            : Interval;
    }

    /// <summary>Steps between two frames, once the training is so long that the budget holds.</summary>
    public int Interval { get; }

    /// <summary>Steps between two frames with eigenvalues and singular values, at least.</summary>
    public int SpectralInterval { get; }

    /// <summary>
    /// Whether a frame of this step has eigenvalues and singular values: every so often, and beside that in the first
    /// frame from step 64, 256, 1024, … on, so that a short training shows how they move.
    /// </summary>
    public bool HasSpectra(int step)
    {
        if (step == 0) return true;
        int before = Math.Max(0, step - GapAt(step));
        return step / SpectralInterval > before / SpectralInterval
            || (step >= FirstSpectra && int.Log2(step) / 2 > int.Log2(Math.Max(1, before)) / 2);
    }

    public bool IsWatched(int step)
    {
        int gap = GapAt(step);
        return step % gap == 0 || (step < gap && int.IsPow2(step));
    }

    private int GapAt(int step) => Math.Min(
        Interval, Math.Max(Dense, (1 << int.Log2(Math.Max(1, step))) / FramesPerDoubling));
}
