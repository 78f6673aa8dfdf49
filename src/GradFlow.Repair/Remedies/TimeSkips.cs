using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Connections that skip time steps, with orthogonal weights, beside those of recurrent layers (Lin, Horne, Tiňo &amp;
/// Giles 1996; Zhang et al. 2016): the gradient passes over s steps at once.
/// </summary>
public sealed class TimeSkips() : Remedy("time-skips", ForkKind.Restart)
{
    /// <summary>
    /// Long steps over what the task needs: few enough that slopes below 1 leave most of the gradient, and each so
    /// short that what lies between two of them is still reached by short ones.
    /// </summary>
    private const int LongSteps = 4;

    /// <summary>The time steps that are skipped where nothing is known of the task.</summary>
    private const int UsualSkip = 10;

    private protected override Experiment? Change(Experiment experiment)
    {
        int skip = RecurrentRewriting.NeededLag(experiment) is { } lag
            ? Math.Max(2, (int)Math.Round((double)lag / LongSteps))
            : UsualSkip;
        return RecurrentRewriting.Map(experiment, layer => layer switch
        {
            SkippingRecurrentSpec { Skip: null } recurrent =>
                recurrent with { Skip = skip, SkipInit = new OrthogonalInitSpec() },
            _ => layer,
        });
    }
}
