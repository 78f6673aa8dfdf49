using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair.Tests;

/// <summary>Transformers with windows, on sequences whose class is shown 20 steps before it is asked for.</summary>
public sealed class ShortReachTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Windows_that_end_before_what_decides_are_named_confirmed_and_taken_out()
    {
        DoctorResult result = Treat(window: 4);
        Finding finding = result.Run.Diagnosis!.Findings[0];
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.VanishingThroughTime, CauseIds.Attention));
        (finding.Evidence["reach"], finding.Evidence["neededLag"]).ShouldBe((6, 20));
        finding.Confirmation!.Status.ShouldBe("confirmed");
        finding.Confirmation.Intervention.ShouldBe("let attention see the whole sequence");
        RepairResult repair = result.Run.Repair!;
        repair.Status.ShouldBe("repaired", repair.Sentence);
        repair.Chosen.ShouldContain("attention");
        repair.Before.Metric!.Value.ShouldBeLessThan(0.6);
        repair.After!.Metric!.Value.ShouldBeGreaterThan(0.95);
    }

    /// <summary>Two layers of 11 reach back exactly the 20 steps that are needed.</summary>
    [Fact]
    public void Windows_that_just_suffice_are_not_blamed()
    {
        Run run = Treat(window: 11).Run;
        run.Header.Structure.Reach.ShouldBe(20);
        run.Diagnosis!.Verdict.Kind.ShouldBe(VerdictKind.Healthy, run.Diagnosis.Verdict.Sentence);
        run.Diagnosis.Findings.ShouldNotContain(finding => finding.Cause == CauseIds.Attention);
    }

    private DoctorResult Treat(int window)
    {
        Experiment patient = Patients.Parse($$"""
            name: windows
            seed: 1
            data: { latch: { length: 23, train: 800, test: 200 } }
            model:
              - linear: 16
              - positions
              - transformer-encoder: { heads: 2, hidden: 32, norm: pre, causal: true, window: {{window}}, times: 2 }
              - last-step
              - linear: 2
            loss: cross-entropy
            optimizer: { adam: { lr: 0.003 } }
            training: { steps: 600, batch: 16, validation: 0.2 }
            """);
        RunFolder folder = RunFolder.Create(_folder.FullName, patient.Name);
        return new Doctor(new DoctorOptions { IsQuick = true }).Treat(
            patient, Path.Combine(_folder.FullName, "patient.yaml"), folder);
    }
}
