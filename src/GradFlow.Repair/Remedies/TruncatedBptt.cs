using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Another window of truncated back-propagation (Williams &amp; Peng 1990): one that ends before what decides is taken
/// out; where there is none, one of a quarter of that distance is put in.
/// </summary>
public sealed class TruncatedBptt() : Remedy("truncated-bptt", ForkKind.Continue)
{
    private const int DefaultWindow = 20;

    private protected override Experiment? Change(Experiment experiment)
    {
        if (!experiment.Model.Any(RecurrentRewriting.IsRecurrent)) return null;
        int? needed = RecurrentRewriting.NeededLag(experiment);
        TruncateSpec? window = experiment.Training.Truncate switch
        {
            null => new() { Window = needed is { } lag ? Math.Max(1, lag / 4) : DefaultWindow },
            { Reach: var cut } when needed is null || cut <= needed => null,
            var enough => enough,
        };
        return experiment with { Training = experiment.Training with { Truncate = window } };
    }
}
