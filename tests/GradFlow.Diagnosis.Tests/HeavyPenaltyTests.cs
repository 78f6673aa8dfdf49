using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

/// <summary>Recurrent nets at a guess under a penalty that costs more than there is to learn.</summary>
public sealed class HeavyPenaltyTests
{
    [Fact]
    public void A_penalty_above_the_loss_of_a_guess_is_blamed_where_the_weights_were_given_up()
    {
        DiagnosisResult result = Diagnostician.Judge(Penalized(15.4, left: 0.01));
        result.Verdict.Sentence.ShouldContain(
            "The penalty on the weights is 15.4 at the start, more than the 2.3 that a constant prediction loses");
        Finding first = result.Findings[0];
        (first.Rule, first.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.LossOrOutput));
        first.Remedies.ShouldBe(["drop-penalty"]);
        first.Evidence["startPenalty"].ShouldBe(15.4);
        result.Findings.Single(finding => finding.Rule == RuleIds.VanishingThroughTime).Severity
            .ShouldBe(Severity.Warning);
    }

    [Theory]
    [InlineData(1, 0.01)]
    [InlineData(15.4, 0.9)]
    public void A_penalty_that_a_good_fit_outweighs_or_that_leaves_the_weights_is_not(double penalty, double left)
    {
        Finding first = Diagnostician.Judge(Penalized(penalty, left)).Findings[0];
        (first.Rule, first.Severity).ShouldBe((RuleIds.VanishingThroughTime, Severity.Critical));
    }

    /// <summary>As the weights go, so does the gradient that passes them.</summary>
    [Fact]
    public void A_gradient_that_vanishes_with_the_weights_is_a_warning_of_the_same_cause()
    {
        Run stuck = Shrunk(SampleRuns.StuckForNoReason.Build(), 15.4, left: 0.01);
        Run vanishes = stuck.WithFrames(frame => frame.Step == 0 ? frame : frame with
        {
            CutNorms = [.. frame.CutNorms!.Select((norm, i) => norm - 0.5 * (frame.CutNorms!.Count - 1 - i))],
        });
        DiagnosisResult result = Diagnostician.Judge(vanishes);
        result.Findings[0].Rule.ShouldBe(RuleIds.NoLearning);
        Finding vanished = result.Findings.Single(finding => finding.Rule == RuleIds.VanishingGradient);
        (vanished.Severity, vanished.Cause).ShouldBe((Severity.Warning, CauseIds.LossOrOutput));
        vanished.Explanation.ShouldContain("The cause is the penalty on the weights, which takes the weights away.");
        vanished.Remedies.ShouldBe(["drop-penalty"]);
    }

    /// <summary>Gates that let half through.</summary>
    private static Run Penalized(double penalty, double left) => Shrunk(
        new SyntheticRecurrentRun { Type = "gru", WeightDecades = [0], GateDecades = -0.3 }.Build(), penalty, left);

    /// <summary>A weight of norm 8 of which a share is left after the first step, under a penalty.</summary>
    private static Run Shrunk(Run run, double penalty, double left)
    {
        var weight = new ParameterInfo("1.weight", "1", 1, "weight", [32, 32], 32, 32, "torch", 0.18);
        run = run.WithStructure(net => net with { Parameters = [weight] }).WithFrames(frame => frame with
        {
            Parameters = new ParameterStatistics(
                [frame.Step == 0 ? 8 : 8 * left], [0], null, null, null, null, [0.01], null, null),
        });
        return run with { Steps = [.. run.Steps.Select(step => step with { Penalty = penalty })] };
    }
}
