using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Repair.Tests;

/// <summary>Runs of 800 validation samples at a chance of 10 %, whose standard error is 1.06 %.</summary>
public sealed class VerificationTests
{
    private static readonly Run Given = new SyntheticRun { Loss = _ => 2.3 }.Build();

    [Fact]
    public void A_healthy_training_that_ends_better_is_a_repair() =>
        Verification.IsRepair(Given, Judged(1.0, 0.7)).ShouldBeTrue();

    [Theory, InlineData(0.10, false), InlineData(0.13, false), InlineData(0.133, true)]
    public void An_accuracy_within_three_standard_errors_of_chance_is_no_repair(double accuracy, bool isRepair) =>
        Verification.IsRepair(Given, Judged(1.0, accuracy)).ShouldBe(isRepair);

    [Theory, InlineData(2.4, false), InlineData(2.3, false), InlineData(2.27, false), InlineData(2.25, true)]
    public void A_repair_takes_two_percent_off_the_loss(double loss, bool isRepair) =>
        Verification.IsRepair(Given, Judged(loss, 0.7)).ShouldBe(isRepair);

    [Theory, InlineData(2.2, 0.9, true), InlineData(1.0, 0.12, false)]
    public void Where_the_last_output_decides_its_accuracy_must_rise(double loss, double accuracy, bool isRepair)
    {
        Run repaired = Judged(loss, accuracy);
        TrainingPlan plan = repaired.Header.Plan with { LongestDependency = 40 };
        Verification.IsRepair(Given, repaired with { Header = repaired.Header with { Plan = plan } }).ShouldBe(
            isRepair);
    }

    [Theory, InlineData(0.99, true), InlineData(1.0, false), InlineData(1.4, false)]
    public void An_error_must_lie_below_that_of_a_constant_prediction(double error, bool isRepair)
    {
        Run repaired = Judged(1.0, error);
        TrainingPlan plan = repaired.Header.Plan with { MetricName = MetricNames.Nrmse, ChanceMetric = 1 };
        Verification.IsRepair(Given, repaired with { Header = repaired.Header with { Plan = plan } }).ShouldBe(
            isRepair);
    }

    [Fact]
    public void A_training_that_is_still_sick_is_no_repair() =>
        Verification.IsRepair(Given, Judged(1.0, 0.7, VerdictKind.Sick)).ShouldBeFalse();

    [Fact]
    public void What_ends_in_NaN_is_no_repair_and_any_sound_end_is_better_than_it()
    {
        Run broken = new SyntheticRun { Loss = _ => 1.0, Accuracy = _ => 0.7, NaNFrom = 250 }.Build();
        Verification.IsRepair(Given, broken with { Diagnosis = Judged(1.0, 0.7).Diagnosis }).ShouldBeFalse();
        Verification.IsRepair(broken, Judged(2.9, 0.7)).ShouldBeTrue();
    }

    private static Run Judged(double loss, double accuracy, VerdictKind verdict = VerdictKind.Healthy) =>
        new SyntheticRun { Loss = _ => loss, Accuracy = _ => accuracy }.Build() with
        {
            Diagnosis = new DiagnosisResult(new Verdict(verdict, "", []), [], []),
        };
}
