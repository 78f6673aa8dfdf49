using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

public sealed class UntrainedTests
{
    private static readonly SyntheticRecurrentRun Echo = new()
    {
        Type = "echo-state",
        Loss = _ => SyntheticRecurrentRun.Baseline,
    };

    [Fact]
    public void A_fitted_readout_is_healthy_by_what_it_reaches_with_no_gradient_to_judge()
    {
        DiagnosisResult result = Diagnostician.Judge(Fitted(accuracy: 0.9));
        result.Findings.ShouldBeEmpty();
        result.Verdict.Kind.ShouldBe(VerdictKind.Healthy);
        result.Verdict.NextToRecord.ShouldBeEmpty();
        result.Verdict.Sentence.ShouldBe(
            "Healthy: its readout was fitted at the start, by ridge regression, and reaches accuracy 90 % (a constant "
            + "prediction: 33.3 %) on test data. No step was planned, so nothing is trained by gradients, and none can "
            + "vanish or explode.");
    }

    [Fact]
    public void A_fitted_readout_at_chance_is_inconclusive_and_asks_for_no_records()
    {
        Verdict verdict = Diagnostician.Judge(Fitted(accuracy: 0.34)).Verdict;
        verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
        verdict.NextToRecord.ShouldBeEmpty();
        verdict.Sentence.ShouldContain("is hardly better than a guess, with accuracy 34 %");
    }

    [Fact]
    public void Numbers_are_judged_by_the_loss_and_told_by_their_metric()
    {
        Run run = Fitted(accuracy: 0.0123).WithPlan(plan => plan with
        {
            MetricName = MetricNames.Nrmse,
            ChanceMetric = 1,
            BaselineLoss = 2,
            Loss = "mse",
        });
        Diagnostician.Judge(run).Verdict.Sentence.ShouldContain("reaches NRMSE 0.0123 (a constant prediction: 1)");
    }

    [Fact]
    public void A_fixed_recurrence_misses_no_record_of_a_gradient_that_it_does_not_have()
    {
        Run run = WithReadout(Echo.Build()).WithFrames(frame => frame with { ThroughTime = [null] });
        DiagnosisResult result = Diagnostician.Judge(run);
        result.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        result.Verdict.NextToRecord.ShouldBeEmpty();
        result.Findings[0].Explanation.ShouldContain(
            "The recurrent layers are fixed, so no gradient runs through time, and what is trained can use only what "
            + "their states still hold.");
        // Weights before it are reached through time, and then what was not recorded is missing.
        Diagnostician.Judge(run.WithStructure(net => net with
        {
            Parameters = [.. net.Parameters.Select(parameter => parameter with { IsFrozen = false })],
        })).Verdict.NextToRecord.ShouldHaveSingleItem().ShouldContain("throughTime");
    }

    private static Run Fitted(double accuracy)
    {
        Run run = WithReadout(Echo.Build()).WithPlan(plan => plan with { Steps = 0 });
        return run with
        {
            Steps = [],
            Frames = [],
            Evaluations = [new Evaluation(0, 0, "test", 0.1, accuracy, 500)],
        };
    }

    private static Run WithReadout(Run run) => run.WithStructure(net => net with
    {
        Parameters =
        [
            new ParameterInfo("1.rnn.weight", "1.rnn", 1, "weight", [32, 3], 3, 32, IsFrozen: true),
            new ParameterInfo("3.linear.weight", "3.linear", 2, "weight", [3, 32], 32, 3, "ridge: 1e-10"),
        ],
    });
}
