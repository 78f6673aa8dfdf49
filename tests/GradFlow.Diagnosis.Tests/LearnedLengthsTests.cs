using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

/// <summary>Short sequences learned, long ones not, as evidence of a gradient that vanishes through time.</summary>
public sealed class LearnedLengthsTests
{
    /// <summary>An accuracy that the short sequences alone lift.</summary>
    private static readonly SyntheticRecurrentRun Forgets = new() { Accuracy = _ => 0.7 };

    [Fact]
    public void Long_sequences_at_chance_beside_short_ones_learned_make_a_net_sick_that_its_mean_calls_learned()
    {
        Diagnostician.Judge(Forgets.Build()).Verdict.Kind.ShouldBe(VerdictKind.Healthy, "the mean alone looks well");

        DiagnosisResult result = Diagnostician.Judge(With(Forgets.Build(), 0.97, 0.95, 0.55, 0.34, 0.33));
        result.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        Finding finding = result.Findings[0];
        (finding.Rule, finding.Severity).ShouldBe((RuleIds.VanishingThroughTime, Severity.Critical));
        finding.Evidence["learnedLength"].ShouldBe(20);
        finding.Evidence["learnedLift"].ShouldBe(0.925, 1e-9);
        finding.Evidence["unlearnedLength"].ShouldBe(31);
        finding.Evidence["unlearnedLift"].ShouldBe(0.01, 1e-9);
        finding.Explanation.ShouldEndWith(
            "The length tells the same: sequences of up to 20 time steps are learned (accuracy 95 %), those from 31 on "
            + "are not (accuracy 34 %, where a guess has 33.3 %).");
        result.Verdict.Sentence.ShouldEndWith("where a guess has 33.3 %).");
    }

    [Fact]
    public void Where_no_accuracy_is_known_the_loss_says_it()
    {
        Run run = With(Forgets.Build(), 0.97, 0.95, 0.55, 0.34, 0.33);
        Finding finding = Diagnostician.Judge(run with
        {
            ByLength = run.ByLength! with
            {
                Rows = [.. run.ByLength.Rows.Select(row => row with { Metric = null, ChanceMetric = null })],
            },
        }).Findings[0];
        finding.Evidence["learnedLift"].ShouldBe(0.925, 1e-9);
        finding.Explanation.ShouldContain(
            "are learned (loss 0.173), those from 31 on are not (loss 2.28, where a guess has 2.3)");
    }

    /// <summary>A net that is only beginning with the short ones is no worse for it.</summary>
    [Fact]
    public void Short_sequences_that_are_begun_are_told_and_make_no_verdict()
    {
        DiagnosisResult result = Diagnostician.Judge(With(Forgets.Build(), 0.55, 0.4, 0.34, 0.33, 0.33));
        result.Verdict.Kind.ShouldBe(VerdictKind.Healthy);
        Finding finding = result.Findings[0];
        finding.Severity.ShouldBe(Severity.Warning);
        finding.Explanation.ShouldContain("sequences of up to 10 time steps are better than a guess (accuracy 55 %)");
    }

    public static TheoryData<double[]> Alike =>
    [
        new[] { 0.97, 0.95, 0.96, 0.97, 0.95 }, new[] { 0.33, 0.34, 0.33, 0.35, 0.32 },
        new[] { 0.97, 0.9, 0.8, 0.7, 0.6 }, new[] { 0.33, 0.34, 0.33, 0.35, 0.97 },
        new[] { 0.38, 0.36, 0.4, 0.33, 0.33 },
    ];

    [Theory]
    [MemberData(nameof(Alike))]
    public void Lengths_that_do_not_differ_so_say_nothing(double[] accuracies)
    {
        DiagnosisResult without = Diagnostician.Judge(Forgets.Build());
        DiagnosisResult with = Diagnostician.Judge(With(Forgets.Build(), accuracies));
        with.Verdict.ShouldBe(without.Verdict);
        with.Findings[0].Explanation.ShouldBe(without.Findings[0].Explanation);
        with.Findings[0].Evidence.Keys.ShouldBe(without.Findings[0].Evidence.Keys);
    }

    [Fact]
    public void Lengths_that_the_training_never_had_are_no_evidence_where_they_are_not_learned()
    {
        Run run = With(Forgets.Build(), 0.97, 0.95, 0.55, 0.34, 0.33);
        Run drawn = run with
        {
            ByLength = run.ByLength! with
            {
                Rows = [.. run.ByLength.Rows.Select((row, i) => row with { IsTrained = i < 2 })],
            },
        };
        Diagnostician.Judge(drawn).Verdict.Kind.ShouldBe(VerdictKind.Healthy);
    }

    [Fact]
    public void A_gradient_that_reaches_far_enough_is_not_accused()
    {
        SyntheticRecurrentRun remembers = Forgets with { WeightDecades = [0.03], ActivationDecades = -0.03 };
        DiagnosisResult result = Diagnostician.Judge(With(remembers.Build(), 0.97, 0.95, 0.55, 0.34, 0.33));
        result.Findings.ShouldNotContain(finding => finding.Rule == RuleIds.VanishingThroughTime);
    }

    [Fact]
    public void An_explosion_is_not_told_by_lengths()
    {
        SyntheticRecurrentRun explodes = new() { WeightDecades = [0.5], ActivationDecades = -0.4 };
        Finding finding = Diagnostician.Judge(With(explodes.Build(), 0.97, 0.95, 0.55, 0.34, 0.33)).Findings[0];
        finding.Rule.ShouldBe(RuleIds.ExplodingThroughTime);
        finding.Explanation.ShouldNotContain("length");
    }

    /// <summary>Judged by lengths of 1 to 10, 11 to 20 and so on, at these accuracies and losses to match.</summary>
    private static Run With(Run run, params double[] accuracies)
    {
        const double Chance = SyntheticRecurrentRun.Chance;
        LengthLoss Row(double accuracy, int i) => new(
            10 * i + 1, 10 * i + 10,
            SyntheticRecurrentRun.Baseline * (1 - (accuracy - Chance) / (1 - Chance)), accuracy,
            SyntheticRecurrentRun.Baseline, Chance, 400, IsTrained: true);
        return run with { ByLength = new LossByLength(300, [.. accuracies.Select(Row)]) };
    }
}
