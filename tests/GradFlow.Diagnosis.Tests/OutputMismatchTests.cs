using GradFlow.Runs;

namespace GradFlow.Diagnosis.Tests;

public sealed class OutputMismatchTests
{
    [Fact]
    public void A_sigmoid_before_a_loss_on_logits_is_named_where_the_net_does_not_learn()
    {
        DiagnosisResult result = Diagnostician.Judge(
            SampleRuns.StuckForNoReason.Build().WithLastActivation("sigmoid").WithPlan(
                plan => plan with { Loss = "binary-cross-entropy" }));
        result.Verdict.Sentence.ShouldStartWith("Sick: a sigmoid stands before a loss that takes logits");
        result.Findings[0].Explanation.ShouldContain("73 % of yes or 50 % of no");
        foreach (Finding finding in result.Findings.Where(finding => finding.Severity == Severity.Critical))
        {
            finding.Cause.ShouldBe(CauseIds.LossOrOutput);
            finding.Remedies[0].ShouldBe("fix-output");
        }
        result.Findings.ShouldContain(finding => finding.Rule == RuleIds.NoLearning);
    }

    [Theory]
    [InlineData("sigmoid", Severity.Warning)]
    [InlineData("tanh", Severity.Warning)]
    [InlineData("relu", Severity.Info)]
    public void Where_the_net_learns_all_the_same_it_is_healthy_and_the_finding_says_so(
        string activation, Severity severity)
    {
        DiagnosisResult result = Diagnostician.Judge(SampleRuns.Healthy.Build().WithLastActivation(activation));
        result.Verdict.Kind.ShouldBe(VerdictKind.Healthy);
        (result.Findings[0].Rule, result.Findings[0].Severity).ShouldBe((RuleIds.OutputMismatch, severity));
    }

    [Fact]
    public void An_activation_without_bounds_may_stand_there() =>
        Diagnostician.Judge(SampleRuns.Healthy.Build().WithLastActivation("leaky-relu")).Findings.ShouldBeEmpty();
}
