using GradFlow.Runs;
using GradFlow.TestKit;

namespace GradFlow.Repair.Tests;

/// <summary>
/// What counts as a confirmed cause, on trainings that are made up: chance is 10 %, the baseline 2.30.
/// </summary>
public sealed class MeasurementTests
{
    private static readonly Symptom Loss = Symptom.Learning(isJudgedByMetric: false);

    private static readonly Symptom Breaks = new(Symptom.FiniteSteps, Stretch.Trial);

    [Theory]
    [InlineData(2.9, "refuted")]
    [InlineData(2.28, "refuted")]
    [InlineData(2.0, "confirmed")]
    public void A_smaller_rate_is_confirmed_only_where_the_net_then_beats_a_constant_prediction(
        double loss, string status)
    {
        Confirmation rate = Change(Loss, Training(4.1), Training(loss));
        rate.Status.ShouldBe(status);
        rate.Intervention.ShouldBe(
            status == "confirmed" ? "changed it" : "changed it, which doesn't teach it either");
        (rate.Before, rate.After).ShouldBe((4.1, loss));
    }

    [Fact]
    public void Where_the_last_output_decides_a_lower_loss_confirms_nothing()
    {
        Symptom accuracy = Symptom.Learning(isJudgedByMetric: true);
        Confirmation rate = Change(accuracy, ByAccuracy(3.26, 0), ByAccuracy(2.87, 0.1));
        (rate.Status, rate.Quantity, rate.After).ShouldBe(("refuted", "validationAccuracy", 0.1));
        Change(accuracy, ByAccuracy(3.26, 0), ByAccuracy(2.87, 0.9)).Status.ShouldBe("confirmed");
    }

    [Fact]
    public void A_rate_that_only_postpones_the_NaN_is_refuted() =>
        Change(Loss, Training(2, nanFrom: 3), Training(2, nanFrom: 30)).ShouldBe(
            new Confirmation("refuted", "changed it, which ends in NaN too", "validationLoss", double.PositiveInfinity,
                double.PositiveInfinity));

    [Theory]
    [InlineData(3, "refuted")]
    [InlineData(30, "unconfirmed")]
    [InlineData(null, "confirmed")]
    public void A_break_is_measured_by_the_steps_before_it(int? nanFrom, string status)
    {
        Confirmation made = Change(Breaks, Training(2.3, nanFrom: 3), Training(2.3, nanFrom));
        made.Status.ShouldBe(status);
        (made.Quantity, made.Before, made.After).ShouldBe(("finiteSteps", 3, nanFrom ?? 60));
    }

    private static Confirmation Change(Symptom symptom, Run given, Run changed) =>
        Measurement.Of(symptom, changed)!.Against(symptom, "changed it", Measurement.Of(symptom, given)!);

    private static Run Training(double loss, int? nanFrom = null)
    {
        Run run = new SyntheticRun { Steps = 60, Loss = _ => loss, NaNFrom = nanFrom }.Build();
        return run with { Evaluations = [new Evaluation(60, 1, "validation", loss, 0.1, 800)] };
    }

    private static Run ByAccuracy(double loss, double accuracy)
    {
        Run run = Training(loss);
        return run with
        {
            Header = run.Header with { Plan = run.Header.Plan with { LongestDependency = 40 } },
            Evaluations = [run.Evaluations[0] with { Metric = accuracy }],
        };
    }
}
