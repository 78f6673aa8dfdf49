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
    public void Before_the_planned_training_is_over_it_may_still_learn_more()
    {
        Verdict verdict = Diagnostician.Judge(Little(SampleRuns.DeepSigmoid with { Depth = 4 }).FirstSteps(250)).Verdict;
        verdict.Kind.ShouldBe(VerdictKind.Healthy);
        verdict.Sentence.ShouldContain("it has begun to learn: accuracy reaches");
        verdict.Sentence.ShouldEndWith(" after 250 of 300 steps.");
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
