using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Clipping to norm 1 in place of a tighter or another kind, or none in place of a norm of 1 or more, for clipping that
/// leaves the steps too small.
/// </summary>
public sealed class LoosenClip() : Remedy("loosen-clip", ForkKind.Continue)
{
    private protected override Experiment? Change(Experiment experiment) => experiment.Training.Clip is { } clip
        ? experiment with
        {
            Training = experiment.Training with { Clip = clip is ClipNormSpec { Max: >= 1 } ? null : Norm },
        }
        : null;

    internal static ClipNormSpec Norm { get; } = new() { Max = 1 };
}
