using GradFlow.Experiments;

namespace GradFlow.Repair;

/// <summary>
/// Adam at its own rate of 0.001 (Kingma &amp; Ba 2015): each weight's step is as large as its gradient is steady,
/// however small or large that is, so that layers whose gradients differ by decades move alike.
/// </summary>
public sealed class AdamOptimizer() : Remedy("adam", ForkKind.Continue)
{
    private protected override Experiment? Change(Experiment experiment)
    {
        OptimizerSpec given = experiment.Optimizer;
        if (given is AdamSpec or AdamWSpec) return null;
        // Rates of groups were chosen beside the old rate; their decays still hold.
        IEnumerable<ParameterGroupSpec> groups = given.Groups
            .Where(group => group.WeightDecay is not null).Select(group => group with { LearningRate = null });
        return experiment with
        {
            Optimizer = new AdamSpec
            {
                WeightDecay = given.WeightDecay,
                Decoupled = given.Decoupled,
                Groups = [.. groups]
            },
        };
    }
}
