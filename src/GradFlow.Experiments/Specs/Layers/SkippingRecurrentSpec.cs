namespace GradFlow.Experiments;

/// <summary>
/// A recurrent layer that may have connections which skip time steps (Lin, Horne, Tiňo and Giles 1996; Zhang et al.
/// 2016).
/// </summary>
public abstract record SkippingRecurrentSpec : RecurrentSpec
{
    /// <summary>
    /// Time steps s that further connections skip: V·h of s steps before is added wherever U·h of the step before is,
    /// so that over T steps the gradient need pass only T/s of them. Left out, there are none.
    /// </summary>
    [Limits(AtLeast = 2, AtMost = 1e4)]
    public int? Skip { get; init; }

    /// <summary>How the weights of these connections are drawn, those of each gate on their own.</summary>
    public InitSpec SkipInit { get; init; } = new TorchInitSpec();

    /// <summary>What is wrong where weights are drawn for connections that aren't there; null if nothing is.</summary>
    private protected SpecProblem? FindSkipProblem() => Skip is null && SkipInit is not TorchInitSpec
        ? new SpecProblem(
            "skip-init", "'skip-init' draws weights of connections that skip time steps; expected 'skip' too")
        : null;
}
