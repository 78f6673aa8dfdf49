using GradFlow.Runs;

namespace GradFlow.Diagnosis.Tests;

public sealed class CollapsedHeadsTests
{
    [Fact]
    public void Heads_that_come_to_look_at_one_key_alone_are_told_of_a_stuck_net()
    {
        Run run = WithHeads(SampleRuns.StuckForNoReason.Build(), frame => frame == 0 ? [0.9, 0.8] : [0.01, 0.02]);
        Finding finding = Diagnostician.Judge(run).Findings.Single(found => found.Rule == RuleIds.SaturatedUnits);
        finding.Cause.ShouldBe(CauseIds.LearningRate);
        finding.Severity.ShouldBe(Severity.Critical);
        finding.Where.ShouldBe(new LayerSpan("attention-1", "attention-1"));
        finding.SinceStep.ShouldBe(run.Frames[1].Step);
        finding.Evidence["collapsedHeads"].ShouldBe(2);
        finding.Evidence["firstAttentionEntropyShare"].ShouldBe(0.85, 1e-12);
        finding.Explanation.ShouldContain("heads of attention-1 look at one key alone");
        finding.Explanation.ShouldContain("It was 85 % at first: steps that are too large drove them there.");
    }

    [Fact]
    public void Heads_that_are_sharp_from_the_start_have_weights_that_are_too_large()
    {
        Run run = WithHeads(SampleRuns.StuckForNoReason.Build(), _ => [0.01, 0.9]);
        Finding finding = Diagnostician.Judge(run).Findings.Single(found => found.Rule == RuleIds.SaturatedUnits);
        finding.Cause.ShouldBe(CauseIds.WeightScale);
        finding.Explanation.ShouldStartWith("1 of 2 heads of attention-1 look at one key alone");
        finding.SinceStep.ShouldBe(0);
    }

    [Fact]
    public void Sharp_heads_of_a_net_that_learns_and_wide_ones_of_a_stuck_net_are_no_finding()
    {
        foreach (Run run in new[]
        {
            WithHeads(SampleRuns.Healthy.Build(), _ => [0.01, 0.01]),
            WithHeads(SampleRuns.StuckForNoReason.Build(), _ => [0.4, 0.9]),
            WithHeads(SampleRuns.StuckForNoReason.Build(), _ => [double.NaN, double.NaN]),
        })
            Diagnostician.Judge(run).Findings.ShouldNotContain(found => found.Rule == RuleIds.SaturatedUnits);
    }

    /// <summary>
    /// With an attention layer of two heads, whose shares of entropy a function of the frame's row gives.
    /// </summary>
    private static Run WithHeads(Run run, Func<int, double[]> shares) => run with
    {
        Header = run.Header with
        {
            Structure = run.Header.Structure with { Attentions = [new AttentionInfo("attention-1", 1, 2)] },
        },
        Frames = [.. run.Frames.Select((frame, i) =>
            frame with { Attention = [new AttentionProfile([1, 1], shares(i))] })],
    };
}
