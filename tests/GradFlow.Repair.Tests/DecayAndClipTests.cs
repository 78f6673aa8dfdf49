using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair.Tests;

/// <summary>Nets that a weight decay or clipping keeps from learning, beside twins that bear theirs.</summary>
public sealed class DecayAndClipTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("sgd: { lr: 0.1, weight-decay: 1 }")]
    [InlineData("adamw: { lr: 0.003, weight-decay: 50 }")]
    [InlineData("adam: { lr: 0.003, weight-decay: 2 }")]
    public void A_decay_that_takes_the_weights_away_is_named_confirmed_and_taken_out(string optimizer)
    {
        DoctorResult result = Treat(optimizer);
        Finding finding = result.Run.Diagnosis!.Findings[0];
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.LossOrOutput));
        finding.Evidence["decayPull"].ShouldBeGreaterThan(1);
        finding.Confirmation!.Status.ShouldBe("confirmed");
        finding.Confirmation.Intervention.ShouldBe("trained without weight decay");
        result.Run.Repair!.Status.ShouldBe("repaired", result.Run.Repair.Sentence);
        result.Run.Repair.Chosen.ShouldContain("drop-decay");
    }

    [Fact]
    public void Clipping_that_leaves_no_step_is_named_confirmed_and_loosened()
    {
        DoctorResult result = Treat("sgd: { lr: 0.1 }", ", clip: { norm: 1e-4 }");
        Finding finding = result.Run.Diagnosis!.Findings[0];
        (finding.Rule, finding.Cause).ShouldBe((RuleIds.NoLearning, CauseIds.Clipping));
        finding.Evidence["clippedShare"].ShouldBe(1);
        finding.Confirmation!.Status.ShouldBe("confirmed");
        finding.Confirmation.Intervention.ShouldBe("trained without clipping");
        result.Run.Repair!.Status.ShouldBe("repaired", result.Run.Repair.Sentence);
        result.Run.Repair.Chosen.ShouldContain("loosen-clip");
    }

    [Theory]
    [InlineData("sgd: { lr: 0.1, weight-decay: 0.01 }", "")]
    [InlineData("adamw: { lr: 0.003, weight-decay: 1 }", "")]
    [InlineData("adam: { lr: 0.003 }", ", clip: { norm: 1e-4 }")]
    [InlineData("sgd: { lr: 0.1 }", ", clip: { norm: 0.5 }")]
    public void What_a_net_learns_in_spite_of_is_not_accused(string optimizer, string clip)
    {
        Verdict verdict = Treat(optimizer, clip).Run.Diagnosis!.Verdict;
        verdict.Kind.ShouldBe(VerdictKind.Healthy, verdict.Sentence);
    }

    /// <summary>Labels that mean nothing leave the weights to a decay; without it nothing is learned either.</summary>
    [Fact]
    public void A_decay_that_another_trouble_leaves_the_weights_to_is_acquitted_by_measurement()
    {
        Experiment hopeless = Patients.Hopeless(_folder.FullName);
        hopeless = hopeless with { Optimizer = new SgdSpec { LearningRate = 0.1, WeightDecay = 0.5 } };
        Run run = Treat(hopeless).Run;
        run.Diagnosis!.Findings[0].Evidence.Keys.ShouldContain("decayPull");
        run.Diagnosis.Findings[0].Confirmation!.Status.ShouldBe("refuted");
        run.Diagnosis.Verdict.Kind.ShouldBe(VerdictKind.Inconclusive, run.Diagnosis.Verdict.Sentence);
    }

    private DoctorResult Treat(string optimizer, string training = "") => Treat(Patients.Parse($"""
        name: patient
        seed: 1
        data: {"{ blobs: { samples: 600 } }"}
        model: [ linear: 32, relu, linear: 32, relu, linear: 3 ]
        loss: cross-entropy
        optimizer: {"{"} {optimizer} {"}"}
        training: {"{"} steps: 300, batch: 32{training} {"}"}
        """));

    private DoctorResult Treat(Experiment patient) => new Doctor(new DoctorOptions()).Treat(
        patient, Path.Combine(_folder.FullName, "patient.yaml"),
        RunFolder.Create(_folder.FullName, patient.Name));
}
