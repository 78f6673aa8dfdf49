using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

/// <summary>Nets at a guess whose weights a decay of the optimiser takes away.</summary>
public sealed class HeavyDecayTests
{
    /// <summary>A weight of norm 8 and a gradient of 1: a decay of 0.5 that is added pulls 4 times as hard.</summary>
    [Fact]
    public void A_decay_that_pulls_harder_than_the_loss_is_blamed_where_the_weights_were_given_up()
    {
        DiagnosisResult result = Diagnostician.Judge(Decayed(0.5, left: 0.01));
        result.Verdict.Sentence.ShouldContain(
            "The weight decay is too strong: it pulls 4 times as hard as the loss does at the start, and has left 1 % "
            + "of the weights' norm.");
        Finding first = result.Findings[0];
        (first.Rule, first.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.LossOrOutput));
        first.Remedies.ShouldBe(["drop-decay"]);
        (first.Evidence["decayPull"], first.Evidence["weightsLeft"]).ShouldBe((4, 0.01));
    }

    [Theory]
    [InlineData(0.1, 0.01)]
    [InlineData(0.5, 0.6)]
    [InlineData(0, 0.01)]
    public void One_that_pulls_less_or_leaves_the_weights_is_not(double decay, double left) =>
        ShouldNotBeBlamed(Decayed(decay, left));

    /// <summary>Steps of 0.1·w: a rate of 0.1 times a decay of 0.8 is 80 % of it, 4/3 of what else moves w.</summary>
    [Fact]
    public void A_decoupled_decay_is_weighed_by_its_steps()
    {
        Finding first = Diagnostician.Judge(Decayed(0.8, 0.01, isDecoupled: true)).Findings[0];
        first.Evidence["decayPull"].ShouldBe(4.0 / 3, 1e-9);
        ShouldNotBeBlamed(Decayed(0.6, 0.01, isDecoupled: true));
    }

    /// <summary>Of a gradient that is clipped to a tenth, a tenth stands against the decay.</summary>
    [Fact]
    public void A_decay_is_weighed_against_what_clipping_leaves()
    {
        Run run = Decayed(0.1, 0.01);
        run = run with { Steps = [.. run.Steps.Select(step => step with { ClipCoefficient = 0.1 })] };
        Diagnostician.Judge(run).Findings[0].Evidence["decayPull"].ShouldBe(8, 1e-9);
    }

    [Fact]
    public void One_that_learns_is_left_alone()
    {
        Run run = Decayed(0.5, 0.01, SampleRuns.Healthy);
        Diagnostician.Judge(run).Verdict.Kind.ShouldBe(VerdictKind.Healthy);
    }

    [Fact]
    public void A_gradient_that_vanished_from_the_start_explains_more() => Diagnostician
        .Judge(Decayed(0.5, 0.01, SampleRuns.DeepSigmoid)).Findings[0].Rule.ShouldBe(RuleIds.VanishingGradient);

    /// <summary>As the weights go, so does the gradient that passes them.</summary>
    [Fact]
    public void A_gradient_that_vanishes_with_the_weights_is_a_warning()
    {
        Run vanishes = Decayed(0.5, 0.01).WithFrames(frame => frame.Step == 0 ? frame : frame with
        {
            CutNorms = [.. frame.CutNorms!.Select((norm, i) => norm - 0.5 * (frame.CutNorms!.Count - 1 - i))],
        });
        DiagnosisResult result = Diagnostician.Judge(vanishes);
        result.Findings[0].Rule.ShouldBe(RuleIds.NoLearning);
        Finding vanished = result.Findings.Single(finding => finding.Rule == RuleIds.VanishingGradient);
        (vanished.Severity, vanished.Cause).ShouldBe((Severity.Warning, CauseIds.LossOrOutput));
        vanished.Explanation.ShouldContain("The cause is the weight decay, which takes the weights away.");
        vanished.Remedies.ShouldBe(["drop-decay"]);
    }

    private static void ShouldNotBeBlamed(Run run) =>
        Diagnostician.Judge(run).Findings[0].Evidence.Keys.ShouldNotContain("decayPull");

    private static Run Decayed(double decay, double left, SyntheticRun? of = null, bool isDecoupled = false)
    {
        Run run = (of ?? SampleRuns.StuckForNoReason).Build();
        var weight = new ParameterInfo("1.linear.weight", "1.linear", 1, "weight", [32, 32], 32, 32, "torch", 0.18)
        {
            WeightDecay = decay,
        };
        return run.WithPlan(plan => plan with { IsDecayDecoupled = isDecoupled })
            .WithStructure(net => net with { Parameters = [weight] })
            .WithFrames(frame => frame with
            {
                Parameters = new ParameterStatistics(
                    [frame.Step == 0 ? 8 : 8 * left], [0], null, null, null, null, [0.1], null, null),
            });
    }
}
