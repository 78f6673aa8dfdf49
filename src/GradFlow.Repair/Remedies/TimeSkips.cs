using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Connections that skip time steps, with orthogonal weights, beside those of recurrent layers (Lin, Horne, Tiňo &amp;
/// Giles 1996; Zhang et al. 2016): the gradient passes over s steps at once.
/// </summary>
public sealed class TimeSkips() : Remedy("time-skips", ForkKind.Restart)
{
    /// <summary>The time steps that are skipped where nothing is known of the task.</summary>
    private const int UsualSkip = 10;

    /// <summary>
    /// Any of T steps is reached by T/s long steps and less than s short ones, least in all at s = √T.
    /// </summary>
    private protected override Experiment? Change(Experiment experiment)
    {
        int skip = RecurrentRewriting.NeededLag(experiment) is { } lag
            ? Math.Max(2, (int)Math.Round(Math.Sqrt(lag)))
            : UsualSkip;
        return RecurrentRewriting.Map(experiment, layer => layer switch
        {
            SkippingRecurrentSpec { Skip: null } recurrent =>
                recurrent with { Skip = skip, SkipInit = new OrthogonalInitSpec() },
            _ => layer,
        });
    }
}
