using GradFlow.Runs;

namespace GradFlow.Diagnosis.Tests;

public sealed class SettlingTests
{
    [Fact]
    public void A_vanished_gradient_settles_after_an_epoch_at_the_baseline()
    {
        Run run = SampleRuns.DeepSigmoid.Build();
        Diagnostician.IsSettled(run.FirstSteps(90)).ShouldBeFalse();
        Diagnostician.IsSettled(run.FirstSteps(100)).ShouldBeTrue();
    }

    [Fact]
    public void A_quarter_of_the_plan_must_have_passed()
    {
        Run run = SampleRuns.DeepSigmoid.Build().WithPlan(plan => plan with { Steps = 1000 });
        Diagnostician.IsSettled(run.FirstSteps(240)).ShouldBeFalse();
        Diagnostician.IsSettled(run.FirstSteps(250)).ShouldBeTrue();
    }

    [Fact]
    public void A_mild_decay_does_not_end_a_training_early() =>
        Diagnostician.IsSettled((SampleRuns.DeepSigmoid with { Depth = 4 }).Build().FirstSteps(250)).ShouldBeFalse();

    [Fact]
    public void NaN_settles_at_once() => Diagnostician.IsSettled(SampleRuns.LargeWeights.Build()).ShouldBeTrue();

    [Fact]
    public void A_training_that_learns_settles_only_at_its_end()
    {
        Run run = (SampleRuns.DeepSigmoid with { Loss = SampleRuns.Learns, Accuracy = SampleRuns.Improves }).Build();
        Diagnostician.IsSettled(run.FirstSteps(299)).ShouldBeFalse();
        Diagnostician.IsSettled(run).ShouldBeTrue();
    }

    [Fact]
    public void A_stuck_net_without_gradient_trouble_gets_its_whole_training() =>
        Diagnostician.IsSettled(SampleRuns.StuckForNoReason.Build().FirstSteps(299)).ShouldBeFalse();
}
