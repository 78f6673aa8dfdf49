using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

/// <summary>Recurrent nets that too large steps ruin, whatever their gradient did through time at the start.</summary>
public sealed class ThrownOffTests
{
    private const double Chance = SyntheticRecurrentRun.Chance;

    /// <summary>Gates that let half through, and nobody knows whether the far past matters.</summary>
    private static readonly SyntheticRecurrentRun Gru =
        new() { Type = "gru", WeightDecades = [0], GateDecades = -0.3, LongestDependency = null };

    private static readonly Func<int, double> Wrecked = step => step == 0 ? 2.3 : 140 + 20 * Math.Sin(step);

    /// <summary>Learns until step 150, and is back at chance from step 180 on.</summary>
    private static readonly Func<int, double> RisesAndFalls =
        step => step < 150 ? Chance + (0.9 - Chance) * step / 150 : step < 180 ? 0.6 : Chance;

    [Theory]
    [InlineData(null)]
    [InlineData(40)]
    public void A_loss_far_above_a_guess_with_steps_as_large_as_the_weights_is_blamed_on_the_rate(int? needed)
    {
        DiagnosisResult result = Diagnostician.Judge(
            WithUpdates((Gru with { Loss = Wrecked, LongestDependency = needed }).Build(), 1.5));
        result.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        result.Verdict.Sentence.ShouldContain("The steps are large: each changes the weights by 150 %.");
        Finding first = result.Findings[0];
        (first.Rule, first.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.LearningRate));
        first.Remedies[0].ShouldBe("lower-learning-rate");
        first.Explanation.ShouldContain("where a constant prediction has 2.3");
        (result.Findings[1].Rule, result.Findings[1].Severity)
            .ShouldBe((RuleIds.VanishingThroughTime, Severity.Warning));
    }

    [Fact]
    public void Neither_a_high_loss_alone_nor_large_steps_alone_acquit_a_gradient_that_vanishes()
    {
        Run[] runs =
        [
            WithUpdates((Gru with { Loss = Wrecked }).Build(), 0.01),
            WithUpdates((Gru with { Loss = _ => SyntheticRecurrentRun.Baseline }).Build(), 1.5),
        ];
        foreach (Run run in runs)
        {
            Finding first = Diagnostician.Judge(run).Findings[0];
            (first.Rule, first.Severity).ShouldBe((RuleIds.VanishingThroughTime, Severity.Critical));
        }
    }

    [Fact]
    public void More_steps_are_not_what_a_wrecked_training_lacks()
    {
        Run run = WithUpdates((Gru with { Loss = Wrecked, Steps = 300 }).Build(), 1.5).FirstSteps(80);
        Verdict verdict = Diagnostician.Judge(run).Verdict;
        verdict.Kind.ShouldBe(VerdictKind.Sick);
        verdict.Sentence.ShouldContain("After 80 steps the loss is 1");
        Diagnostician.Judge(WithUpdates(run, 0.01)).Verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
    }

    [Fact]
    public void What_was_learned_and_lost_is_told_since_the_step_where_it_was_lost()
    {
        Run run = (Gru with { LongestDependency = 40, Accuracy = RisesAndFalls }).Build();
        DiagnosisResult result = Diagnostician.Judge(run);
        result.Verdict.Sentence.ShouldStartWith(
            "Sick: accuracy on the last output had risen to 84.1 % by step 149; from step 180 on that is lost, and it "
            + "ends at 33.3 %, at chance.");
        Finding first = result.Findings[0];
        (first.Rule, first.Cause, first.SinceStep).ShouldBe((RuleIds.NoLearning, CauseIds.LearningRate, 180));
        first.Remedies[0].ShouldBe("lower-learning-rate");
        result.Findings[1].Severity.ShouldBe(Severity.Warning);
        result.Findings[1].Explanation.ShouldNotContain("So nothing is learned");
    }

    [Fact]
    public void A_net_that_had_learned_is_not_given_up_at_its_first_fall()
    {
        SyntheticRecurrentRun given = new() { LongestDependency = 40, Steps = 800 };
        Run Half(Func<int, double> accuracy) => (given with { Accuracy = accuracy }).Build().FirstSteps(400);
        Diagnostician.IsSettled(Half(_ => Chance)).ShouldBeTrue();
        Diagnostician.IsSettled(Half(step => step is > 100 and < 380 ? 0.6 : Chance)).ShouldBeFalse();
    }

    [Fact]
    public void A_loss_that_fell_and_came_back_is_lost_learning_too()
    {
        Finding first = Diagnostician.Judge((Gru with
        {
            Loss = step => step < 200 ? 2.3 - 1.2 * step / 200 : SyntheticRecurrentRun.Baseline,
        }).Build()).Findings[0];
        (first.Rule, first.SinceStep).ShouldBe((RuleIds.NoLearning, 210));
        first.Explanation.ShouldStartWith("The loss had fallen to 1.");
    }

    [Fact]
    public void Batches_that_scatter_are_no_lost_learning()
    {
        // A single lucky batch in thirty lifts its stretch, but not beyond what the others scatter.
        Run run = (Gru with { LongestDependency = 40, Accuracy = step => step == 155 ? 1 : Chance }).Build();
        Diagnostician.Judge(run).Findings[0].Rule.ShouldBe(RuleIds.VanishingThroughTime);
    }

    /// <summary>
    /// Losses of 64 sums of two numbers scatter by a fifth around a guess; of thirty stretches of ten the luckiest lies
    /// a tenth below it, by more than its own scatter.
    /// </summary>
    [Fact]
    public void The_luckiest_stretch_of_a_net_at_a_guess_is_no_lost_learning()
    {
        Func<int, double> guess = step => SyntheticRecurrentRun.Baseline * (1 + (step % 2 == 0 ? 0.1 : -0.1));
        Run Lucky(double fall) => (Gru with
        {
            Loss = step => guess(step) - (step is >= 200 and < 230 ? fall * SyntheticRecurrentRun.Baseline : 0),
        }).Build();
        Diagnostician.Judge(Lucky(0.12)).Findings.ShouldAllBe(finding => !finding.Evidence.ContainsKey("bestStep"));
        Diagnostician.Judge(Lucky(0.3)).Findings.ShouldContain(finding => finding.Evidence.ContainsKey("bestStep"));
    }

    /// <summary>The last layer's bias alone gives a constant prediction, whatever reaches the first.</summary>
    [Fact]
    public void What_is_worse_than_a_constant_is_no_work_of_a_gradient_that_vanished_at_the_start()
    {
        SyntheticRun given = SampleRuns.DeepSigmoid with { Loss = step => step == 0 ? 2.3 : 9.5 + Math.Sin(step) };
        DiagnosisResult result = Diagnostician.Judge(given.Build().WithUpdates(1.5));
        (result.Findings[0].Rule, result.Findings[0].Cause).ShouldBe((RuleIds.NoLearning, CauseIds.LearningRate));
        result.Findings[0].Remedies[0].ShouldBe("lower-learning-rate");
        Finding beside = result.Findings.Single(finding => finding.Rule == RuleIds.VanishingGradient);
        (beside.Cause, beside.Severity).ShouldBe((CauseIds.Activation, Severity.Warning));

        Finding slow = Diagnostician.Judge(given.Build().WithUpdates(0.01)).Findings[0];
        (slow.Rule, slow.Severity).ShouldBe((RuleIds.VanishingGradient, Severity.Critical));
    }

    [Fact]
    public void The_gradient_of_the_start_is_told_not_that_of_the_ruins()
    {
        Run run = (SampleRuns.DeepSigmoid with { Loss = step => step == 0 ? 2.3 : 9.5 + Math.Sin(step) }).Build();
        int layers = run.Header.Structure.Cuts.Count;
        run = run.WithUpdates(1.5).WithFrames(frame => frame.Step == 0 ? frame : frame with
        {
            CutNorms = [.. Enumerable.Range(0, layers).Select(cut => (double?)(4 * (cut - layers)))],
        });
        Diagnostician.Judge(run).Findings.Single(finding => finding.Rule == RuleIds.VanishingGradient).Explanation
            .ShouldStartWith("The gradient loses 0.84 decades per layer");
    }

    private static Run WithUpdates(Run run, double ratio)
    {
        var weight = new ParameterInfo("1.gru.weight", "1.gru", 1, "weight", [32, 32], 32, 32, "torch", 0.18);
        return run.WithStructure(net => net with { Parameters = [weight] })
            .WithFrames(frame => frame with
            {
                Parameters = new ParameterStatistics(null, null, null, null, null, null, [ratio], null, null),
            });
    }
}
