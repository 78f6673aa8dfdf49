using GradFlow.Experiments;
using GradFlow.Runs;

namespace GradFlow.Repair.Tests;

public sealed class DoctorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_vanishing_gradient_is_repaired_and_its_file_trains_to_what_was_told()
    {
        (DoctorResult result, RunFolder folder) = Treat(Patients.DeepSigmoid);
        result.Run.Diagnosis!.Findings[0].Rule.ShouldBe(RuleIds.VanishingGradient);
        result.Run.Diagnosis.Findings[0].Confirmation!.Status.ShouldBe("confirmed");
        RepairResult repair = ShouldBeRepaired(result);
        repair.After!.Metric.ShouldNotBeNull().ShouldBeGreaterThan(0.9);
        ShouldHoldControlsAndARandomRemedy(repair);
        ShouldTrainToWhatWasTold(result, folder);
        ShouldBeStored(result, folder);
    }

    [Fact]
    public void An_exploding_gradient_is_repaired()
    {
        (DoctorResult result, _) = Treat(Patients.LargeWeights);
        result.Run.Diagnosis!.Findings[0].Rule.ShouldBe(RuleIds.ExplodingGradient);
        result.Run.Diagnosis.Findings[0].Cause.ShouldBe(CauseIds.WeightScale);
        ShouldBeRepaired(result).After!.Metric.ShouldNotBeNull().ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void A_healthy_net_is_left_alone()
    {
        (DoctorResult result, RunFolder folder) = Treat(Patients.Healthy);
        result.Run.Diagnosis!.Verdict.Kind.ShouldBe(VerdictKind.Healthy);
        result.Run.Repair!.Status.ShouldBe("not-needed");
        result.Run.Repair.Trials.ShouldBeEmpty();
        result.Run.Repair.Cost.Steps.ShouldBe(0);
        result.Repaired.ShouldBeNull();
        System.IO.File.Exists(folder.RepairedExperiment).ShouldBeFalse();
        Directory.Exists(folder.Repaired.Path).ShouldBeFalse();
        RunReader.Load(folder.Path).Repair!.Status.ShouldBe("not-needed");
    }

    [Fact]
    public void Steps_that_are_too_large_are_made_smaller()
    {
        (DoctorResult result, _) = Treat(Patients.TooFast);
        result.Run.Diagnosis!.Findings.ShouldContain(finding => finding.Cause == CauseIds.LearningRate);
        RepairResult repair = ShouldBeRepaired(result);
        repair.Chosen.ShouldContain("lower-learning-rate");
        repair.Changes.ShouldContain(change => change.Path == "optimizer.sgd.lr");
    }

    [Fact]
    public void Unscaled_inputs_that_break_a_net_are_scaled()
    {
        (DoctorResult result, _) = Treat(Patients.UnscaledBreaking);
        result.Run.Diagnosis!.Findings.ShouldContain(finding => finding.Cause == CauseIds.DataScale);
        ShouldBeRepaired(result);
        result.Run.Repair!.Trials.ShouldContain(trial => trial.Remedy == "scale-data");
    }

    [Fact]
    public void What_nothing_can_learn_is_not_called_repaired()
    {
        (DoctorResult result, RunFolder folder) = Treat(Patients.Hopeless(_folder.FullName));
        result.Run.Diagnosis!.Verdict.Kind.ShouldNotBe(VerdictKind.Healthy);
        result.Run.Repair!.Status.ShouldBe("failed");
        result.Run.Repair.After.ShouldBeNull();
        result.Run.Repair.File.ShouldBeNull();
        System.IO.File.Exists(folder.RepairedExperiment).ShouldBeFalse();
        Directory.Exists(folder.Repaired.Path).ShouldBeFalse("what was tried in vain is not the repaired training");
    }

    [Fact]
    public void A_set_of_changes_is_tried_once_whatever_the_order()
    {
        (DoctorResult result, _) = Treat(Patients.Parse("""
            name: exploding
            seed: 1
            data: { agreement: { distance: 6, train: 200, test: 50 } }
            model: [ rnn: { out: 16, activation: relu, recurrent-init: { normal: 2 } }, last-step, linear: 39 ]
            loss: cross-entropy
            optimizer: { sgd: { lr: 0.1 } }
            training: { steps: 150, batch: 16 }
            """), new DoctorOptions { IsQuick = true });
        result.Run.Repair!.Trials.Where(trial => trial.Role == "candidate")
            .Select(trial => (string.Join('+', trial.Remedy.Split('+').Order()), trial.Kind)).ShouldBeUnique();
        result.Run.Repair.Trials.ShouldContain(trial => trial.Remedy == "orthogonal-init+clip-norm");
        Confirmation broken = result.Run.Diagnosis!.Findings.Single(f => f.Rule == RuleIds.NonFinite).Confirmation!;
        broken.Quantity.ShouldBe("finiteSteps");
    }

    [Fact]
    public void Quick_answers_with_one_seed_and_fewer_steps()
    {
        Experiment patient = Patients.DeepSigmoid with { Training = new TrainingSpec { Steps = 600, Batch = 32 } };
        (DoctorResult quick, _) = Treat(patient, new DoctorOptions { IsQuick = true });
        quick.Run.Repair!.Trials.Select(trial => trial.Seed).Distinct().ShouldBe([1L]);
        quick.Run.Repair.Trials.ShouldAllBe(trial => trial.Steps <= 150);
        ShouldBeRepaired(quick).After!.Steps.ShouldBe(200);
    }

    [Fact]
    public void The_result_is_the_same_at_any_number_of_forks_at_once()
    {
        Experiment patient = Patients.DeepSigmoid with { Training = new TrainingSpec { Steps = 120, Batch = 32 } };
        (DoctorResult one, _) = Treat(patient, new DoctorOptions { IsQuick = true, Parallelism = 1 });
        (DoctorResult four, _) = Treat(patient, new DoctorOptions { IsQuick = true, Parallelism = 4 });
        RunJson.Serialize(four.Run with { End = null, Header = one.Run.Header })
            .ShouldBe(RunJson.Serialize(one.Run with { End = null }));
    }

    [Theory]
    [InlineData("training")]
    [InlineData("trials")]
    [InlineData("verification")]
    [InlineData("confirmation")]
    public void An_interruption_keeps_what_is_known_by_then(string stage)
    {
        using var stop = new CancellationTokenSource();
        var progress = new Each(p =>
        {
            if (p.Stage == stage) stop.Cancel();
        });
        RunFolder folder = RunFolder.Create(_folder.FullName, "stopped");
        DoctorResult result = new Doctor(new DoctorOptions { IsQuick = true }).Treat(
            Patients.DeepSigmoid, File("patient.yaml"), folder, progress, stop.Token);
        result.Run.End!.Reason.ShouldBe("interrupted");
        Run stored = RunReader.Load(folder.Path);
        stored.Steps.ShouldNotBeEmpty();
        (stored.Diagnosis is not null).ShouldBe(stage != "training");
        (stored.Repair is not null).ShouldBe(stage == "confirmation");
        Directory.Exists(folder.Repaired.Path).ShouldBe(stored.Repair?.Status == "repaired");
    }

    [Fact]
    public void A_patient_that_cannot_be_built_leaves_no_run_behind()
    {
        RunFolder folder = RunFolder.Create(_folder.FullName, "bad");
        Should.Throw<InvalidExperimentException>(() => new Doctor(new DoctorOptions())
            .Treat(Patients.OfBlobs("[ linear: 5 ]"), File("bad.yaml"), folder)).Message.ShouldContain("bad.yaml");
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void The_largest_seed_has_neighbours_too()
    {
        Experiment hopeless = Patients.Hopeless(_folder.FullName) with { Seed = int.MaxValue };
        (DoctorResult result, _) = Treat(hopeless with { Training = new TrainingSpec { Steps = 60, Batch = 32 } });
        result.Run.Repair!.Trials.Select(trial => trial.Seed).Distinct().ShouldBe(
            [int.MaxValue, 0L], ignoreOrder: true);
    }

    private static RepairResult ShouldBeRepaired(DoctorResult result)
    {
        result.Run.Diagnosis!.Verdict.Kind.ShouldBe(VerdictKind.Sick);
        RepairResult repair = result.Run.Repair.ShouldNotBeNull();
        repair.Status.ShouldBe("repaired", repair.Sentence);
        repair.Chosen.ShouldNotBeEmpty();
        repair.Changes.ShouldNotBeEmpty();
        repair.After!.IsFinite.ShouldBeTrue();
        bool ranAsLong = repair.Before.Steps == repair.After.Steps;
        repair.Sentence.Contains($" after {repair.After.Steps:N0}.", StringComparison.Ordinal).ShouldBe(!ranAsLong);
        if (repair.Before.IsFinite) repair.After.Loss.ShouldBeLessThan(repair.Before.Loss);
        result.Repaired!.Diagnosis!.Verdict.Kind.ShouldBe(VerdictKind.Healthy);
        return repair;
    }

    private static void ShouldHoldControlsAndARandomRemedy(RepairResult repair)
    {
        repair.Trials.Where(trial => trial.Role == "control").Select(trial => (trial.Kind, trial.Seed))
            .ShouldBe([("restart", 1L), ("restart", 2L), ("continue", 1L), ("continue", 2L)], ignoreOrder: true);
        repair.Trials.Count(trial => trial.Role == "random").ShouldBe(2);
        repair.Trials.GroupBy(trial => (trial.Remedy, trial.Kind)).ShouldAllBe(group => group.Count() == 2);
        repair.Cost.Steps.ShouldBeGreaterThanOrEqualTo(repair.Trials.Sum(trial => trial.Steps) + repair.After!.Steps);
    }

    private static void ShouldTrainToWhatWasTold(DoctorResult result, RunFolder folder)
    {
        Experiment written = ExperimentFile.Read(folder.RepairedExperiment);
        written.ShouldBe(result.RepairedExperiment);
        var trainer = new Trainer(
            written, TaskData.Load(written.Data, folder.Path, written.Seed, written.Training.Validation));
        while (trainer.Step < trainer.PlannedSteps) trainer.Advance();
        Evaluation validation = trainer.EvaluateValidation(), test = trainer.EvaluateTest()!;
        Outcome after = result.Run.Repair!.After!;
        (after.Steps, after.Loss, after.Metric, after.TestLoss, after.TestMetric)
            .ShouldBe((trainer.Step, validation.Loss, validation.Metric, test.Loss, test.Metric));
        trainer.Restore(Checkpoints.Load(folder.Repaired.Checkpoint));
        trainer.EvaluateValidation().ShouldBe(validation);
    }

    private static void ShouldBeStored(DoctorResult result, RunFolder folder)
    {
        RunJson.Serialize(RunReader.Load(folder.Path)).ShouldBe(RunJson.Serialize(result.Run));
        RunJson.Serialize(RunReader.Load(folder.Repaired.Path)).ShouldBe(RunJson.Serialize(result.Repaired!));
        ExperimentFile.Read(folder.Experiment).ShouldBe(Patients.DeepSigmoid);
        Checkpoints.Load(folder.Checkpoint).Step.ShouldBe(result.Run.Steps.Count);
    }

    private (DoctorResult Result, RunFolder Folder) Treat(Experiment experiment, DoctorOptions? options = null)
    {
        RunFolder folder = RunFolder.Create(_folder.FullName, experiment.Name);
        return (new Doctor(options ?? new DoctorOptions()).Treat(experiment, File("patient.yaml"), folder), folder);
    }

    private string File(string name) => Path.Combine(_folder.FullName, name);

    private sealed class Each(Action<DoctorProgress> tell) : IProgress<DoctorProgress>
    {
        public void Report(DoctorProgress value) => tell(value);
    }
}
