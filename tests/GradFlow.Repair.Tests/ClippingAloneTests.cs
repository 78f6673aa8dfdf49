using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Repair.Tests;

public sealed class ClippingAloneTests
{
    private static readonly Run Broken = new SyntheticRun { Steps = 60, NaNFrom = 3 }.Build();

    [Fact]
    public void An_error_is_no_share_so_the_loss_decides()
    {
        TrainingPlan plan = Broken.Header.Plan with
        {
            MetricName = MetricNames.Nrmse,
            ChanceMetric = 1,
            BaselineLoss = 2,
        };
        Run broken = Broken with { Header = Broken.Header with { Plan = plan } };
        ClippingAlone.InWords(broken, [Fork("clip-norm", 1.3) with { Loss = 1.9 }], 800)!
            .ShouldContain("its loss is 1.9");
        ClippingAlone.InWords(broken, [Fork("clip-norm", 0.7) with { Loss = 1.0 }], 800).ShouldBeNull();
    }

    [Fact]
    public void A_clipped_fork_at_chance_is_said_to_have_learned_nothing() =>
        ClippingAlone.InWords(Broken, [Fork("clip-norm", 0.104)], 800).ShouldBe(
            "Clipping alone stops the NaN but doesn't teach: 10.4 % after 200 steps, where chance is 10.0 %.");

    [Fact]
    public void A_clipped_fork_that_learned_less_than_half_is_said_to_have_hardly_learned() =>
        ClippingAlone.InWords(Broken, [Fork("clip-norm", 0.5)], 800).ShouldBe(
            "Clipping alone stops the NaN but hardly teaches: 50.0 % after 200 steps, where chance is 10.0 %.");

    [Fact]
    public void Of_a_clipped_fork_that_learns_nothing_is_said() =>
        ClippingAlone.InWords(Broken, [Fork("clip-norm", 0.6)], 800).ShouldBeNull();

    [Fact]
    public void Nothing_is_said_without_a_break_without_clipping_alone_or_where_it_breaks_too()
    {
        Run sound = new SyntheticRun { Steps = 60 }.Build();
        ClippingAlone.InWords(sound, [Fork("clip-norm", 0.1)], 800).ShouldBeNull();
        ClippingAlone.InWords(Broken, [Fork("clip-norm+he-init", 0.1)], 800).ShouldBeNull();
        ClippingAlone.InWords(Broken, [Fork("clip-norm", 0.1) with { Loss = double.NaN }], 800).ShouldBeNull();
    }

    private static Trial Fork(string remedy, double metric) =>
        new(remedy, "restart", 1, 200, 2.3, metric, [], [], null, "candidate");
}
