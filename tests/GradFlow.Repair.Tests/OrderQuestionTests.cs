using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair.Tests;

/// <summary>Attention without positions on a task of order and on tasks of sets.</summary>
public sealed class OrderQuestionTests : IDisposable
{
    private const string Attention =
        "linear: 16, residual: [ attention: 2 ], residual: [ linear: 32, relu, linear: 16 ], last-step, linear: ";

    private const string Order = "temporal-order: { length: 12, train: 1000, test: 200 }",
        Sum = "adding: { length: 12, train: 1000, test: 200 }";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_net_that_stands_for_want_of_order_is_sick_of_it_and_repaired_by_positions()
    {
        DoctorResult result = Treat(Order, Attention + 4, "cross-entropy");
        result.Run.Diagnosis!.Verdict.Kind.ShouldBe(VerdictKind.Sick, result.Run.Diagnosis.Verdict.Sentence);
        result.Run.Diagnosis.Verdict.Sentence.ShouldEndWith("; confirmed by changing that alone.");
        Finding finding = result.Run.Diagnosis.Findings[0];
        (finding.Rule, finding.Severity).ShouldBe((RuleIds.OrderBlindness, Severity.Critical));
        finding.Confirmation!.Intervention.ShouldBe("trained with positions");
        RepairResult repair = result.Run.Repair!;
        repair.Status.ShouldBe("repaired", repair.Sentence);
        repair.Chosen.ShouldContain("positions");
        repair.Before.TestMetric!.Value.ShouldBeInRange(0.6, 0.85);
        repair.After!.TestMetric!.Value.ShouldBeGreaterThan(0.95);
        repair.Cost.Steps.ShouldBeGreaterThanOrEqualTo(repair.Trials.Sum(trial => trial.Steps) + 2 * 600);
    }

    [Fact]
    public void A_net_that_learns_a_task_of_sets_is_left_alone()
    {
        Run run = Treat(Sum, Attention + 1, "mse").Run;
        run.Order!.Share!.Value.ShouldBeLessThan(1e-5, "it sees no order either");
        run.Diagnosis!.Verdict.Kind.ShouldBe(VerdictKind.Healthy, run.Diagnosis.Verdict.Sentence);
        run.Repair!.Cost.Steps.ShouldBe(0);
    }

    /// <summary>A linear net can't pick the marked numbers, whatever it is told of places.</summary>
    [Fact]
    public void A_net_that_stands_for_another_reason_is_not_accused()
    {
        DoctorResult result = Treat(Sum, "linear: 2, global-avg-pool, linear: 1", "mse");
        Run run = result.Run;
        Finding finding = run.Diagnosis!.Findings.Single(found => found.Rule == RuleIds.OrderBlindness);
        finding.Severity.ShouldBe(Severity.Info);
        finding.Confirmation!.Status.ShouldBe("refuted");
        run.Diagnosis.Verdict.Kind.ShouldNotBe(VerdictKind.Sick);
        run.Diagnosis.Verdict.Sentence.ShouldEndWith("trained with positions it comes no further.");
        (run.Repair!.Status, run.Repair.Cost.Steps).ShouldBe(("not-needed", 600));
    }

    [Fact]
    public void Who_stops_while_it_is_answered_keeps_what_was_recorded()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Relay(told => { if (told.Stage == "confirmation") stop.Cancel(); });
        DoctorResult result = Treat(Order, Attention + 4, "cross-entropy", progress, stop.Token);
        result.Run.End!.Reason.ShouldBe("interrupted");
        result.Run.Diagnosis!.Verdict.Kind.ShouldBe(VerdictKind.Inconclusive);
        result.Repaired.ShouldBeNull();
    }

    private DoctorResult Treat(
        string data, string model, string loss, IProgress<DoctorProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        Experiment patient = Patients.Parse(
            $"name: order\nseed: 1\ndata: {{ {data} }}\nmodel: [ {model} ]\nloss: {loss}\n"
            + "optimizer: { adam: { lr: 0.005 } }\ntraining: { steps: 600, batch: 32, validation: 0.2 }\n");
        RunFolder folder = RunFolder.Create(_folder.FullName, patient.Name);
        return new Doctor(new DoctorOptions()).Treat(
            patient, Path.Combine(_folder.FullName, "patient.yaml"), folder, progress, cancellation);
    }

    private sealed class Relay(Action<DoctorProgress> tell) : IProgress<DoctorProgress>
    {
        public void Report(DoctorProgress value) => tell(value);
    }
}
