using GradFlow.Runs;

namespace GradFlow.Diagnosis.Tests;

/// <summary>Trainings that learn a little, to their end, and whether something keeps them from more.</summary>
public sealed class LearnsBadlyTests
{
    [Fact]
    public void A_gradient_that_vanishes_from_the_start_makes_a_net_sick_that_learns_little()
    {
        DiagnosisResult result = Diagnostician.Judge(Little(SampleRuns.DeepSigmoid with { Depth = 4 }));
        result.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        result.Verdict.Sentence.ShouldEndWith("It has learned little: accuracy reaches 29.9 %.");
        (result.Findings[0].Rule, result.Findings[0].Severity)
            .ShouldBe((RuleIds.VanishingGradient, Severity.Critical));
    }

    [Fact]
    public void Before_the_planned_training_is_over_it_may_still_learn_more_and_is_healthy_so_far()
    {
        Run begun = Little(SampleRuns.DeepSigmoid with { Depth = 4 }).FirstSteps(250);
        Verdict verdict = Diagnostician.Judge(begun).Verdict;
        verdict.Kind.ShouldBe(VerdictKind.Healthy);
        verdict.Sentence.ShouldStartWith("Healthy: so far the gradient");
        verdict.Sentence.ShouldContain("it has begun to learn: accuracy reaches");
        verdict.Sentence.ShouldEndWith(" after 250 of 300 steps.");
    }

    [Fact]
    public void What_early_stopping_ends_is_over()
    {
        Run run = Little(SampleRuns.DeepSigmoid with { Depth = 4 });
        Run stopped = run.FirstSteps(250) with { End = run.End! with { Reason = "early-stop" } };
        Diagnostician.Judge(stopped).Verdict.Kind.ShouldBe(VerdictKind.Sick);
    }

    [Fact]
    public void Without_a_disease_a_net_that_has_hardly_begun_by_the_end_is_not_called_healthy()
    {
        Verdict verdict = Diagnostician.Judge((SampleRuns.Healthy with
        {
            Loss = step => 2.3 - 0.1 * step / 300,
            Accuracy = _ => 0.12,
        }).Build()).Verdict;
        verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
        verdict.Sentence.ShouldBe("Inconclusive: it has hardly begun to learn: accuracy reaches 12 % after 300 of 300 "
            + "steps, where a guess has 10 %. Record more than 300 training steps.");
    }

    [Fact]
    public void Without_gradient_trouble_it_is_healthy_and_the_verdict_says_how_far_it_came()
    {
        Verdict verdict = Diagnostician.Judge(Little(SampleRuns.Healthy)).Verdict;
        verdict.Kind.ShouldBe(VerdictKind.Healthy);
        verdict.Sentence.ShouldEndWith("it has learned little: accuracy reaches 29.9 %.");
    }

    [Fact]
    public void A_high_accuracy_is_no_sign_of_learning_badly_whatever_the_loss() =>
        Diagnostician.Judge((SampleRuns.DeepSigmoid with
        {
            Depth = 4,
            Loss = SampleRuns.LearnsLittle,
            Accuracy = SampleRuns.Improves,
        }).Build()).Verdict.Kind.ShouldBe(VerdictKind.Healthy);

    [Theory]
    [InlineData(0.95, VerdictKind.Sick)]
    [InlineData(0.6, VerdictKind.Healthy)]
    public void Nearly_all_units_saturated_make_it_sick(double share, VerdictKind expected)
    {
        DiagnosisResult result = Diagnostician.Judge(Little(SampleRuns.SaturatedTanh with { SaturatedShare = share }));
        result.Verdict.Kind.ShouldBe(expected);
        result.Findings[0].Rule.ShouldBe(RuleIds.SaturatedUnits);
    }

    [Fact]
    public void A_sigmoid_before_logits_makes_it_sick() =>
        Diagnostician.Judge(Little(SampleRuns.Healthy).WithLastActivation("sigmoid")).Findings[0].Severity
            .ShouldBe(Severity.Critical);

    private static Run Little(GradFlow.TestKit.SyntheticRun run) =>
        (run with { Loss = SampleRuns.LearnsLittle, Accuracy = SampleRuns.ImprovesLittle }).Build();
}
