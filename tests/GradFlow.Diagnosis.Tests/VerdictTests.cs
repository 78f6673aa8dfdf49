using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

public sealed class VerdictTests
{
    [Fact]
    public void A_healthy_net_is_healthy_with_nothing_found()
    {
        DiagnosisResult result = Diagnostician.Judge(SampleRuns.Healthy.Build());
        result.Verdict.Sentence.ShouldBe(
            "Healthy: the gradient changes 0.00 decades per layer and accuracy reaches 96.4 %.");
        result.Findings.ShouldBeEmpty();
        result.Attribution.Count.ShouldBe(18);
    }

    [Fact]
    public void A_vanishing_verdict_reads_as_on_the_page()
    {
        Verdict verdict = Diagnostician.Judge((SampleRuns.DeepSigmoid with { WeightDecades = -0.019 }).Build()).Verdict;
        verdict.Sentence.ShouldBe(
            "Sick: the gradient vanishes. It loses 0.62 decades per layer: layer 1 receives 0.000003 of what layer 10 "
            + "does, from step 0 on. Cause: the sigmoid's slope (97 % of the decay).");
        verdict.NextToRecord.ShouldBeEmpty();
    }

    [Fact]
    public void A_vanishing_gradient_in_a_net_that_learns_is_a_warning_and_the_net_healthy()
    {
        Run run = (SampleRuns.DeepSigmoid with { Loss = SampleRuns.Learns, Accuracy = SampleRuns.Improves }).Build();
        DiagnosisResult result = Diagnostician.Judge(run);
        result.Verdict.Kind.ShouldBe(VerdictKind.Healthy);
        result.Findings[0].Rule.ShouldBe(RuleIds.VanishingGradient);
        result.Findings[0].Severity.ShouldBe(Severity.Warning);
    }

    [Fact]
    public void Tiny_gradients_of_a_converged_net_are_no_finding()
    {
        Run run = SampleRuns.Healthy.Build().WithFrames(frame => frame with
        {
            CutNorms = [.. frame.CutNorms!.Select(norm => norm - 9)],
        });
        ShouldBeHealthy(run);
        // A record that begins after convergence, where layers may differ as they like.
        Run late = (SampleRuns.DeepSigmoid with { Loss = _ => 0.01, Accuracy = _ => 0.99 }).Build();
        ShouldBeHealthy(late);
    }

    [Fact]
    public void Layers_before_a_frozen_stretch_are_not_judged()
    {
        Run run = (SampleRuns.Healthy with { WeightDecades = -0.4, Depth = 8 }).Build();
        Run frozen = run.WithStructure(structure => structure with
        {
            Parameters = [.. structure.Parameters.Select(
                parameter => parameter with { IsFrozen = parameter.Layer < 7 })],
        });
        Diagnostician.Judge(run).Findings.ShouldContain(finding => finding.Rule == RuleIds.VanishingGradient);
        ShouldBeHealthy(frozen);
    }

    [Fact]
    public void A_short_training_that_has_begun_to_learn_is_healthy() =>
        ShouldBeHealthy((SampleRuns.Healthy with
        {
            Steps = 120,
            Loss = step => 2.4 - 0.005 * step,
            Accuracy = step => 0.1 + 0.001 * step,
        }).Build());

    [Fact]
    public void A_task_without_a_metric_is_judged_by_its_baseline_loss()
    {
        static TrainingPlan Regression(TrainingPlan plan) =>
            plan with { MetricName = null, ChanceMetric = null, Loss = "mse", BaselineLoss = 1 };
        SyntheticRun run = SampleRuns.Healthy with { Accuracy = _ => double.NaN };
        ShouldBeHealthy((run with { Loss = step => 0.3 + Math.Exp(-step / 50.0) }).Build().WithPlan(Regression));
        Run stuck = (run with { Loss = _ => 1 }).Build().WithPlan(Regression);
        Diagnostician.Judge(stuck).Verdict.Kind.ShouldBe(VerdictKind.Sick);
    }

    [Fact]
    public void Without_a_baseline_the_fall_of_the_loss_counts()
    {
        static TrainingPlan Bare(TrainingPlan plan) =>
            plan with { MetricName = null, ChanceMetric = null, BaselineLoss = null };
        ShouldBeHealthy(SampleRuns.Healthy.Build().WithPlan(Bare));
        Diagnostician.Judge(SampleRuns.DeepSigmoid.Build().WithPlan(Bare)).Verdict.Kind.ShouldBe(VerdictKind.Sick);
    }

    [Fact]
    public void A_lucky_start_is_not_learning()
    {
        Run run = (SampleRuns.StuckForNoReason with { Loss = _ => 4, Accuracy = _ => 0.25 }).Build();
        Diagnostician.Judge(run).Findings[0].Rule.ShouldBe(RuleIds.NoLearning);
    }

    [Fact]
    public void Half_of_the_units_off_for_all_samples_is_no_disease_in_a_deep_relu_net() =>
        ShouldBeHealthy((SampleRuns.Healthy with { DeadShare = 0.7 }).Build());

    [Fact]
    public void Without_gradients_the_verdict_is_inconclusive_and_says_what_to_record()
    {
        Run run = SampleRuns.DeepSigmoid.Build() with { Frames = [] };
        Verdict verdict = Diagnostician.Judge(run).Verdict;
        verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
        verdict.NextToRecord.ShouldHaveSingleItem().ShouldContain("gradient norm");
    }

    [Fact]
    public void With_few_steps_the_verdict_is_inconclusive()
    {
        Verdict verdict = Diagnostician.Judge(
            (SampleRuns.DeepSigmoid with { Depth = 6 }).Build().FirstSteps(30)).Verdict;
        verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
        verdict.Sentence.ShouldContain("30 steps are too few");
    }

    [Fact]
    public void A_gradient_lost_to_float32_is_critical_after_a_few_steps()
    {
        Run run = (SampleRuns.DeepSigmoid with { Depth = 302, ActivationDecades = -0.26, WeightDecades = 0 }).Build();
        DiagnosisResult result = Diagnostician.Judge(run.FirstSteps(30));
        result.Verdict.Kind.ShouldBe(VerdictKind.Sick, result.Verdict.Sentence);
        result.Findings[0].Severity.ShouldBe(Severity.Critical);
        // An optimiser that divides by the gradient's size may move the layers all the same.
        Diagnostician.Judge(run.FirstSteps(30).WithUpdates(1e-3)).Verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
        // A layer that starts at zero on purpose may receive its gradient from the first update on.
        Diagnostician.Judge(run.FirstSteps(10)).Verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
    }

    [Fact]
    public void NaN_is_sick_even_with_nothing_else_recorded()
    {
        Run run = SampleRuns.LargeWeights.Build() with { Frames = [], NonFinite = null, End = null };
        Diagnostician.Judge(run.WithStructure(_ => RunStructure.Empty)).Verdict.Kind.ShouldBe(VerdictKind.Sick);
    }

    [Fact]
    public void An_empty_run_is_inconclusive()
    {
        Run run = SampleRuns.Healthy.Build() with { Frames = [], Steps = [], Evaluations = [], End = null };
        Diagnostician.Judge(run).Verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
        Diagnostician.IsSettled(run).ShouldBeFalse();
    }

    [Theory]
    [InlineData("cuts")]
    [InlineData("parts")]
    [InlineData("forward")]
    [InlineData("forward arrays")]
    [InlineData("parameters")]
    [InlineData("parameter arrays")]
    [InlineData("entries")]
    public void Any_array_of_a_foreign_run_may_be_missing(string missing)
    {
        SyntheticRun[] samples =
            [SampleRuns.DeepSigmoid, SampleRuns.LargeWeights, SampleRuns.Healthy, SampleRuns.DeadRelu];
        foreach (SyntheticRun sample in samples)
        {
            Run run = sample.Build().WithFrames(frame => Without(frame, missing));
            Diagnostician.Judge(run).Verdict.Sentence.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Parts_that_were_not_recorded_follow_from_the_cuts()
    {
        Run run = SampleRuns.DeepSigmoid.Build();
        DiagnosisResult without = Diagnostician.Judge(run.WithFrames(frame => frame with { PartGains = null }));
        without.Findings[0].Cause.ShouldBe(CauseIds.Activation);
        without.Attribution.Sum(entry => entry.Decades).ShouldBe(9 * (-0.239 - 0.602), 1e-9);
    }

    private static void ShouldBeHealthy(Run run)
    {
        DiagnosisResult result = Diagnostician.Judge(run);
        result.Verdict.Kind.ShouldBe(VerdictKind.Healthy, result.Verdict.Sentence);
        result.Findings.ShouldNotContain(finding => finding.Severity != Severity.Info);
    }

    private static Frame Without(Frame frame, string missing) => missing switch
    {
        "cuts" => frame with { CutNorms = null },
        "parts" => frame with { PartGains = null },
        "forward" => frame with { Forward = null },
        "forward arrays" => frame with { Forward = new ForwardStatistics(null, null, null, null, null, null) },
        "parameters" => frame with { Parameters = null },
        "parameter arrays" => frame with
        {
            Parameters = new ParameterStatistics(null, null, null, null, null, null, null, null, null),
        },
        _ => frame with
        {
            CutNorms = [.. frame.CutNorms!.Select((norm, i) => i % 3 == 1 ? null : norm)],
            PartGains = [],
        },
    };
}
