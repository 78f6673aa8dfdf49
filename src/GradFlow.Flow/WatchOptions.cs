namespace GradFlow.Flow;

/// <summary>How closely to watch.</summary>
/// <param name="Budget">
/// The share of the training's time that watching may cost, by the cost model; 2 % by default. A young training is
/// watched at every 16th step up to step 1024, and then 32 times while its length doubles, even beyond it.
/// </param>
/// <param name="MaxInterval">
/// The most steps between two frames, even where that exceeds the budget; 256 by default.
/// </param>
public sealed record WatchOptions(double Budget = 0.02, int MaxInterval = 256)
{
    /// <summary>Whether frames hold histograms of the gradients' exponents; yes by default.</summary>
    public bool HasHistograms { get; init; } = true;
}
