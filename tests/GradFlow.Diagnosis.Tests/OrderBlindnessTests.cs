using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

/// <summary>Nets that see which time steps came, not in which order.</summary>
public sealed class OrderBlindnessTests
{
    /// <summary>What a set of symbols tells is learned at once: a loss of 0.576 and no less; 2.3 is a guess.</summary>
    private static readonly SyntheticRun Stands = SampleRuns.Healthy with
    {
        Loss = step => 0.576 + 1.73 * Math.Exp(-step / 10.0),
        Accuracy = _ => 0.75,
    };

    [Fact]
    public void One_that_stands_short_leaves_the_verdict_open()
    {
        DiagnosisResult result = Diagnostician.Judge(Blind(Stands.Build()));
        Finding finding = result.Findings[0];
        (finding.Rule, finding.Cause, finding.Severity)
            .ShouldBe((RuleIds.OrderBlindness, CauseIds.Attention, Severity.Warning));
        finding.Evidence["orderShare"].ShouldBe(5e-8, 1e-12);
        finding.Remedies.ShouldBe(["positions"]);
        finding.Explanation.ShouldContain("Shuffling those before the last changes it by 5.0·10⁻⁸ of what another");
        result.Verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
        result.Verdict.Sentence.ShouldContain("its output does not depend on the order of the time steps");
        result.Verdict.NextToRecord.ShouldHaveSingleItem().ShouldContain("positions");
    }

    [Fact]
    public void The_answer_makes_the_verdict()
    {
        Run run = Blind(Stands.Build());
        Finding finding = Diagnostician.Judge(run).Findings[0];
        Verdict sick = Diagnostician.Weigh(run, [finding with { Severity = Severity.Critical }]);
        (sick.Kind, sick.Sentence[..30]).ShouldBe((VerdictKind.Sick, "Sick: the output does not depe"));
        Diagnostician.Weigh(run, [finding with { Severity = Severity.Info }]).Kind.ShouldBe(VerdictKind.Healthy);
    }

    [Fact]
    public void One_that_learns_well_is_told_in_a_note_alone() => ShouldBeANote(
        Blind((Stands with { Accuracy = _ => 0.95 }).Build()), isInVerdict: false);

    [Fact]
    public void One_that_still_learns_is_told_so_with_its_verdict() => ShouldBeANote(
        Blind((Stands with { Loss = step => 2.3 * Math.Exp(-step / 150.0) }).Build()), isInVerdict: true);

    [Fact]
    public void One_with_planned_steps_left_is_told_so_with_its_verdict() => ShouldBeANote(
        Blind(Stands.Build().WithPlan(plan => plan with { Steps = 10 * plan.Steps })), isInVerdict: true);

    /// <summary>Its own loss falls on, as samples are learned by heart; what is held out has come to stand.</summary>
    [Fact]
    public void Learning_by_heart_is_standing_short()
    {
        Run run = Blind((Stands with { Loss = step => 2.3 * Math.Exp(-step / 150.0) }).Build());
        Run byHeart = run with
        {
            Evaluations = [.. Enumerable.Range(0, 20).Select(
                i => new Evaluation(10 * i, i, "validation", i < 5 ? 1 : 0.6, 0.75, 100))],
        };
        Diagnostician.Judge(byHeart).Findings[0].Severity.ShouldBe(Severity.Warning);
    }

    [Fact]
    public void Where_nothing_was_learned_it_is_the_first_guess_unless_something_explains_it()
    {
        Finding first = Diagnostician.Judge(Blind(SampleRuns.StuckForNoReason.Build())).Findings[0];
        (first.Rule, first.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.Attention));
        first.Remedies[0].ShouldBe("positions");
        Diagnostician.Judge(Blind(SampleRuns.DeepSigmoid.Build())).Findings[0].Rule
            .ShouldBe(RuleIds.VanishingGradient);
    }

    [Theory]
    [InlineData(0.05, 1)]
    [InlineData(0, 0)]
    public void An_output_that_changes_with_the_order_or_with_nothing_is_no_finding(double shuffled, double exchanged)
    {
        Run run = Stands.Build() with { Order = new OrderEffect(300, shuffled, exchanged, 64) };
        Diagnostician.Judge(run).Findings.ShouldNotContain(finding => finding.Rule == RuleIds.OrderBlindness);
    }

    private static void ShouldBeANote(Run run, bool isInVerdict)
    {
        DiagnosisResult result = Diagnostician.Judge(run);
        result.Verdict.Sentence.Contains("does not depend on the order").ShouldBe(isInVerdict);
        result.Verdict.Kind.ShouldBe(VerdictKind.Healthy, result.Verdict.Sentence);
        result.Findings.Single(finding => finding.Rule == RuleIds.OrderBlindness).Severity.ShouldBe(Severity.Info);
    }

    internal static Run Blind(Run run) => run with { Order = new OrderEffect(300, 2.5e-8, 0.5, 64) };
}
