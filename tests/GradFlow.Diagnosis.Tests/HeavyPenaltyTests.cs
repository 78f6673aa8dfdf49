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

    /// <summary>Gates that let half through, and a weight of which a share is left after the first step.</summary>
    private static Run Penalized(double penalty, double left)
    {
        Run run = new SyntheticRecurrentRun { Type = "gru", WeightDecades = [0], GateDecades = -0.3 }.Build();
        var weight = new ParameterInfo("1.gru.weight", "1.gru", 1, "weight", [32, 32], 32, 32, "torch", 0.18);
        run = run.WithStructure(net => net with { Parameters = [weight] }).WithFrames(frame => frame with
        {
            Parameters = new ParameterStatistics(
                [frame.Step == 0 ? 8 : 8 * left], [0], null, null, null, null, [0.01], null, null),
        });
        return run with { Steps = [.. run.Steps.Select(step => step with { Penalty = penalty })] };
    }
}
