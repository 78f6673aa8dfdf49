using GradFlow.Autograd;

namespace GradFlow.Nn.Tests;

public sealed class ParameterGroupTests
{
    [Fact]
    public void A_group_has_its_own_rate_and_decay_and_the_rest_the_optimisers()
    {
        Parameter weight = WithGradient("weight"), bias = WithGradient("bias"), slow = WithGradient("slow");
        var sgd = new Sgd([weight, bias, slow], 0.1, weightDecay: 0.5)
        {
            Groups = [new ParameterGroup([bias]) { WeightDecay = 0 }, new ParameterGroup([slow]) { RateFactor = 0.1 }],
        };
        sgd.Step();
        // w − rate·(g + decay·w) with w = 2 and g = 1.
        weight.Value[0].ShouldBe(2 - 0.1 * 2, 1e-6);
        bias.Value[0].ShouldBe(2 - 0.1 * 1, 1e-6);
        slow.Value[0].ShouldBe(2 - 0.01 * 2, 1e-6);
    }

    [Fact]
    public void A_groups_rate_follows_the_schedule()
    {
        Parameter slow = WithGradient("slow");
        var sgd = new Sgd([slow], 0.1) { Groups = [new ParameterGroup([slow]) { RateFactor = 0.5 }] };
        sgd.LearningRate = 0.02;
        sgd.Step();
        slow.Value[0].ShouldBe(2 - 0.01, 1e-6);
    }

    [Fact]
    public void Decoupled_decay_is_the_coupled_one_for_plain_descent_and_not_for_Adam()
    {
        foreach (bool isDecoupled in (bool[])[false, true])
        {
            Parameter plain = WithGradient("w"), adaptive = WithGradient("w");
            new Sgd([plain], 0.1, weightDecay: 0.5) { IsDecoupled = isDecoupled }.Step();
            plain.Value[0].ShouldBe(2 - 0.1 * (1 + 0.5 * 2), 1e-6);
            new Adam([adaptive], 0.1, weightDecay: 0.5) { IsDecoupled = isDecoupled }.Step();
            // Adam's first step is the rate, however large its gradient with the decay in it is.
            adaptive.Value[0].ShouldBe(isDecoupled ? 2 * (1 - 0.1 * 0.5) - 0.1 : 2 - 0.1, 1e-6);
        }
    }

    [Fact]
    public void Decoupled_Adam_is_AdamW()
    {
        Parameter a = WithGradient("w"), b = WithGradient("w");
        new Adam([a], 0.1, weightDecay: 0.3) { IsDecoupled = true }.Step();
        new AdamW([b], 0.1, weightDecay: 0.3).Step();
        a.Value[0].ShouldBe(b.Value[0]);
    }

    [Fact]
    public void Groups_that_overlap_or_hold_strangers_are_refused()
    {
        Parameter mine = WithGradient("mine"), other = WithGradient("other");
        Should.Throw<ArgumentException>(() => new Sgd([mine], 1) { Groups = [new ParameterGroup([other])] })
            .Message.ShouldContain("a group has 'other'");
        Should.Throw<ArgumentException>(
            () => new Sgd([mine], 1) { Groups = [new ParameterGroup([mine]), new ParameterGroup([mine])] })
            .Message.ShouldContain("'mine' is in two groups");
        Should.Throw<ArgumentOutOfRangeException>(() => new ParameterGroup([mine]) { RateFactor = -1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new ParameterGroup([mine]) { WeightDecay = double.NaN });
    }

    private static Parameter WithGradient(string name)
    {
        Parameter parameter = Given.Parameter(name, [2]);
        parameter.SetGradient([1]);
        return parameter;
    }
}
