using GradFlow.Runs;

namespace GradFlow.Diagnosis.Tests;

/// <summary>Nets whose windows of attention end before what decides, by their records alone.</summary>
public sealed class ShortReachTests
{
    [Fact]
    public void Windows_that_end_before_what_the_task_needs_are_the_cause_of_a_stuck_net()
    {
        DiagnosisResult diagnosis = Diagnostician.Judge(Run(SampleRuns.StuckForNoReason.Build(), reach: 6, needed: 20));
        Finding finding = diagnosis.Findings[0];
        (finding.Rule, finding.Cause, finding.Severity).ShouldBe(
            (RuleIds.VanishingThroughTime, CauseIds.Attention, Severity.Critical));
        finding.Where.ShouldBe(new LayerSpan("attention-1", "attention-2"));
        finding.Remedies.ShouldBe(["attention"]);
        (finding.Evidence["reach"], finding.Evidence["neededLag"]).ShouldBe((6, 20));
        (finding.Evidence["window"], finding.Evidence["layers"]).ShouldBe((4, 2));
        const string told = "sees no further back than 6, where this task needs 20: what lies further back has no way "
            + "there and is never learned from. The cause is windows that are too narrow for so few layers. So nothing "
            + "is learned from what lies 20 steps back: accuracy on the last output is 10 %, at chance.";
        finding.Explanation.ShouldBe($"Through 2 layers of attention with windows of 4 time steps the output {told}");
        diagnosis.Verdict.Sentence.ShouldBe("Sick: the output does not see what decides. Through 2 layers of attention "
            + $"with windows of 4 time steps it {told}");
    }

    [Fact]
    public void A_net_that_does_not_learn_takes_its_cause_from_them()
    {
        Finding symptom = Diagnostician.Judge(Run(SampleRuns.StuckForNoReason.Build(), reach: 6, needed: 20)).Findings
            .Single(finding => finding.Rule == RuleIds.NoLearning);
        symptom.Cause.ShouldBe(CauseIds.Attention);
        symptom.Remedies.ShouldBe(["attention"]);
        symptom.Explanation.ShouldEndWith("That the output does not see what decides explains it.");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(null)]
    public void Windows_that_suffice_or_are_not_all_there_is_are_no_finding(int? reach)
    {
        foreach (Run run in new[] { SampleRuns.StuckForNoReason.Build(), SampleRuns.Healthy.Build() })
            Of(Run(run, reach, needed: 20)).ShouldBeNull();
    }

    [Fact]
    public void A_net_that_learned_all_the_same_gets_a_note()
    {
        Finding note = Of(Run(SampleRuns.Healthy.Build(), reach: 6, needed: 20)).ShouldNotBeNull();
        note.Severity.ShouldBe(Severity.Info);
        Diagnostician.Judge(Run(SampleRuns.Healthy.Build(), reach: 6, needed: 20)).Verdict.Kind
            .ShouldBe(VerdictKind.Healthy);
    }

    /// <summary>Narrow windows are common where near steps decide, and nobody knows here whether they do.</summary>
    [Fact]
    public void Where_the_need_is_not_known_a_stuck_net_is_warned_and_one_that_learns_is_not()
    {
        Run stuck = Run(SampleRuns.StuckForNoReason.Build(), reach: 6, needed: null);
        Finding finding = Of(stuck).ShouldNotBeNull();
        finding.Severity.ShouldBe(Severity.Warning);
        finding.Explanation.ShouldBe("Through 2 layers of attention with windows of 4 time steps the output sees no "
            + "further back than 6, where a sequence has 32 time steps; how far back the task needs it is not known "
            + "(plan.longestDependency).");
        Diagnostician.Judge(stuck).Findings.Single(found => found.Rule == RuleIds.NoLearning).Cause
            .ShouldNotBe(CauseIds.Attention);
        Of(Run(SampleRuns.Healthy.Build(), reach: 6, needed: null)).ShouldBeNull();
    }

    [Fact]
    public void A_stuck_net_that_cannot_see_what_decides_needs_no_more_training()
    {
        Run start = SampleRuns.StuckForNoReason.Build();
        start = start with { Header = start.Header with { Plan = start.Header.Plan with { Steps = 1000 } } };
        Diagnostician.IsSettled(Run(start, reach: 6, needed: 20)).ShouldBeTrue();
        Diagnostician.IsSettled(Run(start, reach: 20, needed: 20)).ShouldBeFalse();
        Diagnostician.IsSettled(Run(start, reach: 6, needed: null)).ShouldBeFalse();
    }

    /// <summary>Its units fall asleep while it learns nothing: that is no second disease.</summary>
    [Fact]
    public void A_gradient_that_vanishes_late_in_a_net_that_cannot_see_what_decides_is_a_warning()
    {
        Run stuck = SampleRuns.StuckForNoReason.Build();
        int cuts = stuck.Header.Structure.Cuts.Count;
        Run late = stuck.WithFrames(frame => frame.Step < 200 ? frame : frame with
        {
            CutNorms = [.. Enumerable.Range(0, cuts).Select(cut => (double?)(0.5 * (cut - cuts)))],
        });
        Severity Of(Run run) => Diagnostician.Judge(run).Findings
            .Single(finding => finding.Rule == RuleIds.VanishingGradient).Severity;
        Of(Run(late, reach: 6, needed: 20)).ShouldBe(Severity.Warning);
        Of(Run(late, reach: 20, needed: 20)).ShouldBe(Severity.Critical);
    }

    private static Finding? Of(Run run) =>
        Diagnostician.Judge(run).Findings.SingleOrDefault(finding => finding.Rule == RuleIds.VanishingThroughTime);

    /// <summary>With two layers of attention, windows of four, on sequences of 32 time steps.</summary>
    private static Run Run(Run run, int? reach, int? needed) => run with
    {
        Header = run.Header with
        {
            Plan = run.Header.Plan with { LongestDependency = needed },
            Structure = run.Header.Structure with
            {
                Attentions =
                    [new AttentionInfo("attention-1", 1, 2, 4, true), new AttentionInfo("attention-2", 2, 2, 4, true)],
                Signals =
                [
                    .. run.Header.Structure.Signals.Select((signal, i) =>
                        i == 0 ? signal with { Name = "attention-1", Places = 32 } : signal),
                ],
                Reach = reach,
            },
        },
    };
}
