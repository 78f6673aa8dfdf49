using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

/// <summary>Recurrent nets at a guess whose steps could not have taught them, whatever their gradient.</summary>
public sealed class SmallStepsTests
{
    /// <summary>Gates that let half through, at a guess from the first step to the last.</summary>
    private static readonly SyntheticRecurrentRun Gru = new()
    {
        Type = "gru",
        WeightDecades = [0],
        GateDecades = -0.3,
        Loss = _ => SyntheticRecurrentRun.Baseline,
    };

    [Theory]
    [InlineData("gru")]
    [InlineData("rnn")]
    public void Steps_that_could_not_lower_the_loss_are_blamed_before_a_decay_through_time(string type)
    {
        // 300 steps of 10⁻⁵·8 along a gradient of 0.3 lower the loss by 0.0072 at most, of the 2.3 of a guess.
        DiagnosisResult result = Diagnostician.Judge(WithSteps((Gru with { Type = type }).Build(), 1e-5, 0.3));
        result.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        result.Verdict.Sentence.ShouldContain(
            "The steps are too small: all planned ones together can lower the loss by 0.0072 and move the weights by "
            + "0.3 % at most.");
        Finding first = result.Findings[0];
        (first.Rule, first.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.LearningRate));
        first.Remedies[0].ShouldBe("raise-learning-rate");
        first.Evidence["mostFall"].ShouldBe(0.0072, 1e-9);
        Finding beside = result.Findings.Single(finding => finding.Rule == RuleIds.VanishingThroughTime);
        beside.Severity.ShouldBe(Severity.Warning);
        beside.Explanation.ShouldNotContain("So nothing is learned");
    }

    /// <summary>Weights that move by 12 % in all, along a gradient too small for that to be of use.</summary>
    [Fact]
    public void How_far_weights_move_does_not_acquit_steps_that_cannot_lower_the_loss()
    {
        Finding first = Diagnostician.Judge(WithSteps(Gru.Build(), 4e-4, 0.1)).Findings[0];
        (first.Rule, first.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.LearningRate));
        first.Evidence["travel"].ShouldBe(0.12, 1e-9);
        first.Evidence["mostFall"].ShouldBe(0.096, 1e-9);
    }

    [Fact]
    public void Steps_that_could_have_taught_it_leave_the_decay_to_blame()
    {
        Finding first = Diagnostician.Judge(WithSteps(Gru.Build(), 1e-3, 0.3)).Findings[0];
        (first.Rule, first.Severity).ShouldBe((RuleIds.VanishingThroughTime, Severity.Critical));
    }

    /// <summary>However large the steps, a gradient that truncation ends never reaches what decides.</summary>
    [Fact]
    public void A_gradient_that_is_cut_stays_to_blame_whatever_the_steps()
    {
        SyntheticRecurrentRun cut = Gru with { Window = 10, GateDecades = -0.01 };
        Diagnostician.Judge(WithSteps(cut.Build(), 1e-5, 0.3)).Findings[0].Rule.ShouldBe(RuleIds.VanishingThroughTime);
    }

    /// <summary>Without clipping to 0.1 % the same steps would be a thousand times as long.</summary>
    [Fact]
    public void Clipping_that_leaves_the_steps_too_small_is_blamed_with_what_it_takes()
    {
        Run run = Clipped(0.001, "sgd");
        Finding first = Diagnostician.Judge(run).Findings[0];
        (first.Rule, first.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.Clipping));
        first.Remedies.ShouldBe(["loosen-clip", "raise-learning-rate"]);
        (first.Evidence["clippedShare"], first.Evidence["clipCoefficient"]).ShouldBe((1, 0.001));
        first.Explanation.ShouldContain(
            "Clipping leaves the steps too small: it shortens 100 % of them, a typical one to 0.1 % of its gradient");
    }

    /// <summary>
    /// One that divides by the gradient's size takes the same steps unclipped; rare clipping, or what leaves a fifth,
    /// makes no step small; nor is it clipping where the steps would be too small without it.
    /// </summary>
    [Theory]
    [InlineData(0.001, "adam", 1, 1e-5)]
    [InlineData(0.2, "sgd", 1, 1e-5)]
    [InlineData(0.001, "sgd", 10, 1e-5)]
    [InlineData(0.05, "sgd", 1, 1e-8)]
    public void Clipping_that_does_not_make_them_so_is_not(double kept, string optimizer, int every, double ratio) =>
        Diagnostician.Judge(Clipped(kept, optimizer, every, ratio)).Findings[0].Cause.ShouldBe(CauseIds.LearningRate);

    /// <summary>What is left of the steps is 0 in float32: a clip that explains it is blamed, and no other.</summary>
    [Theory]
    [InlineData(3e-30, CauseIds.Clipping)]
    [InlineData(0.005, CauseIds.LearningRate)]
    public void Of_steps_that_are_lost_clipping_is_the_cause_where_it_leaves_nothing(double kept, string cause) =>
        Diagnostician.Judge(Clipped(kept, "sgd", ratio: 0)).Findings[0].Cause.ShouldBe(cause);

    private static Run Clipped(double kept, string optimizer, int every = 1, double ratio = 1e-5)
    {
        Run run = WithSteps(Gru.Build(), ratio, 0.3).WithPlan(plan => plan with { Optimizer = optimizer });
        return run with
        {
            Steps = [.. run.Steps.Select(
                step => step with { ClipCoefficient = step.Step % every == 0 ? kept : 1 })],
        };
    }

    /// <summary>A weight of norm 8 whose every step changes it by a share, along a gradient of a norm.</summary>
    private static Run WithSteps(Run run, double ratio, double gradient)
    {
        var weight = new ParameterInfo("1.gru.weight", "1.gru", 1, "weight", [32, 32], 32, 32, "torch", 0.18);
        return run.WithStructure(net => net with { Parameters = [weight] })
            .WithFrames(frame => frame with
            {
                Parameters = new ParameterStatistics(
                    [8], [Math.Log10(gradient)], null, null, null, null, [ratio], null, null),
            });
    }
}
