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

    [Theory]
    [InlineData(0.5, 0.5, "The reservoir forgets too soon: its spectral radius of 0.5 lets go of what comes in, of "
        + "which about 10⁻¹² is left after the 40 steps that this task needs, and less than 1 % after 7.")]
    [InlineData(0.95, 0.6, "The reservoir forgets too soon: its spectral radius of 0.95 alone would keep 13 % over the "
        + "40 steps that this task needs, but its inputs drive the states to an rms of 0.6, where the tanh passes on "
        + "64 %: less than 1 % is left after 10. A smaller input scale leaves more.")]
    [InlineData(0.99, 0.1, "Its spectral radius is 0.99, which leaves about 45 % of what comes in after the 40 steps "
        + "that this task needs; its 32 units hold as many numbers at most. No trouble with gradients or updates was "
        + "measured, so the cause is a guess")]
    public void A_reservoir_that_does_not_learn_is_told_by_what_it_holds(double radius, double rms, string told)
    {
        Run run = WithReadout(Echo.Build()).WithStructure(net => net with
        {
            Parameters =
            [
                .. net.Parameters,
                new ParameterInfo(
                    "1.echo-state.recurrent-weight", "1.echo-state", 1, "recurrent-weight", [32, 32], 32, 32,
                    FormattableString.Invariant($"spectral-radius: {radius}"), IsFrozen: true),
            ],
        }).WithFrames(frame => frame with
        {
            ThroughTime = [null],
            Forward = new ForwardStatistics(null, null, [rms], null, null, null),
        });
        Finding finding = Diagnostician.Judge(run).Findings[0];
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.Recurrence));
        finding.Explanation.ShouldContain(told);
        finding.Explanation.ShouldNotContain("the learning rate is the first thing to try");
        finding.Evidence["spectralRadius"].ShouldBe(radius);
        finding.Evidence["neededLag"].ShouldBe(40);
        finding.Remedies.ShouldBe(["echo-state", "gru", "lstm"]);
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
