using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Diagnosis.Tests;

/// <summary>Nets that have learned what they train on, and nothing of what they are judged on.</summary>
public sealed class OverfitTests
{
    private const double Chance = SyntheticRecurrentRun.Chance;

    /// <summary>Gates that let half through, and a loss that is all but gone.</summary>
    private static readonly SyntheticRecurrentRun Gru = new()
    {
        Type = "gru",
        WeightDecades = [0],
        GateDecades = -0.3,
        Loss = step => 2.3 * Math.Exp(-step / 40.0),
    };

    [Theory]
    [InlineData(0, 2)]
    [InlineData(Chance, 800)]
    [InlineData(0.5, 800)]
    public void A_net_that_learned_its_own_batches_has_received_its_gradient(double held, int samples)
    {
        DiagnosisResult result = Diagnostician.Judge(Judged(_ => 1, held, samples));
        result.Verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
        result.Verdict.Sentence.ShouldStartWith(
            "Inconclusive: it over-fits. Accuracy on the last output reaches 100 % on what it trains on");
        result.Verdict.Sentence.ShouldContain($"on the {samples} samples of validation data it is ");
        result.Verdict.Sentence.ShouldContain("Train it on more samples");
        result.Findings.ShouldAllBe(finding => finding.Severity != Severity.Critical);
    }

    [Fact]
    public void A_net_at_a_guess_on_its_own_batches_too_is_sick()
    {
        Finding first = Diagnostician.Judge(Judged(_ => Chance, Chance, 800)).Findings[0];
        (first.Rule, first.Severity).ShouldBe((RuleIds.VanishingThroughTime, Severity.Critical));
    }

    [Fact]
    public void Batches_that_scatter_about_half_of_the_way_are_not_learned_by_heart()
    {
        Func<int, double> scattered = step => step % 2 == 0 ? 1 : Chance + 0.02;
        Diagnostician.Judge(Judged(scattered, Chance, 800)).Verdict.Kind.ShouldBe(VerdictKind.Sick);
    }

    [Fact]
    public void What_is_learned_on_held_out_data_as_well_is_healthy() =>
        Diagnostician.Judge(Judged(_ => 1, 0.9, 800)).Verdict.Kind.ShouldBe(VerdictKind.Healthy);

    private static Run Judged(Func<int, double> own, double held, int samples)
    {
        Run run = (Gru with { Accuracy = own }).Build();
        return run with
        {
            Evaluations = [.. run.Evaluations.Select(judged => judged with { Metric = held, Samples = samples })],
        };
    }
}
