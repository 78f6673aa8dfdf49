using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Each unit's gradient at most a tenth as long as its weights (Brock et al. 2021; the bound that batches of this size
/// bear, figure 2). Unlike one bound for all it suits layers whose gradients differ by decades.
/// </summary>
public sealed class AdaptiveClipping() : Remedy("adaptive-clip", ForkKind.Continue)
{
    private const double Share = 0.1;

    private protected override Experiment? Change(Experiment experiment) =>
        experiment.Training.Clip is AdaptiveClipSpec
            ? null
            : experiment with
            {
                Training = experiment.Training with { Clip = new AdaptiveClipSpec { Factor = Share } },
            };
}
