using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

public sealed class TrainingLoopTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-");

    private string Database => Path.Combine(_folder.FullName, "run.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_is_recorded_is_what_is_stored()
    {
        Run run = Record(Trainings.Everything, new LoopOptions());
        Run stored = RunReader.Load(_folder.FullName);
        RunJson.Serialize(stored).ShouldBe(RunJson.Serialize(run));
        stored.Steps.Count.ShouldBe(30);
        stored.Frames.ShouldNotBeEmpty();
        stored.End!.Reason.ShouldBe("completed");
        stored.Evaluations.Count(e => e.Split == "test").ShouldBe(1);
        stored.Evaluations[0].Step.ShouldBe(0);
        stored.Evaluations[^2].Step.ShouldBe(30);
        stored.Forecast!.MeasuredDecadesPerLayer.ShouldNotBeNull();
    }

    [Fact]
    public void A_cancelled_training_keeps_what_was_recorded()
    {
        using var stop = new CancellationTokenSource();
        Run run = Record(Trainings.Everything, new LoopOptions(), new After(7, stop.Cancel), stop.Token);
        run.End!.Reason.ShouldBe("interrupted");
        Run stored = RunReader.Load(_folder.FullName);
        stored.Steps.Count.ShouldBe(7);
        RunJson.Serialize(stored).ShouldBe(RunJson.Serialize(run));
        stored.Evaluations.ShouldNotContain(e => e.Split == "test");
    }

    [Fact]
    public void A_training_stops_when_its_verdict_stands()
    {
        Run run = Record(Trainings.Everything, new LoopOptions { IsSettled = soFar => soFar.Steps.Count >= 12 });
        run.End!.Reason.ShouldBe("verdict");
        run.Steps.Count.ShouldBe(12);
    }

    [Fact]
    public void A_broken_training_ends_at_the_broken_step()
    {
        Experiment experiment = Trainings.OfModel("[ linear: 8, relu, linear: 3 ]") with
        {
            Optimizer = new SgdSpec { LearningRate = 1e30 },
        };
        var judged = new List<int>();
        Run run = Record(experiment, new LoopOptions { Judged = trainer => judged.Add(trainer.Step) });
        run.End!.Reason.ShouldBe("non-finite");
        run.NonFinite.ShouldNotBeNull();
        run.Steps.Count.ShouldBeLessThan(20);
        judged.ShouldBe(run.Evaluations.Where(e => e.Split == "validation" && double.IsFinite(e.Loss)).Select(
            e => e.Step).Distinct());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    public void The_last_step_may_lie_before_or_beyond_the_plan(int last)
    {
        Trainer trainer = Trainings.Start(Trainings.Everything);
        var told = new List<TrainingProgress>();
        Run run = TrainingLoop.Run(
            trainer, Trainings.RecorderOf(trainer), new LoopOptions { LastStep = last }, new Each(told.Add));
        run.Steps.Count.ShouldBe(last);
        told.Count.ShouldBe(last);
        told[^1].ShouldBe(new TrainingProgress(last, last, run.Steps[^1].Loss, run.Steps[^1].Metric));
    }

    [Fact]
    public void A_training_can_be_judged_at_its_end_alone()
    {
        Trainer trainer = Trainings.Start(Trainings.Everything);
        var atEnd = new LoopOptions { Watch = null, IsJudgedAlong = false, IsTested = false };
        Run run = TrainingLoop.Run(trainer, Trainings.RecorderOf(trainer), atEnd);
        Evaluation evaluation = run.Evaluations.ShouldHaveSingleItem();
        evaluation.ShouldBe(trainer.EvaluateValidation());
        run.Frames.ShouldBeEmpty();
        run.End!.WatchShare.ShouldBeNull();
    }

    private Run Record(
        Experiment experiment, LoopOptions options,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        Trainer trainer = Trainings.Start(experiment);
        RunHeader header = trainer.Describe(DateTimeOffset.UnixEpoch, "test");
        using RunWriter writer = RunWriter.Create(Database, header, TimeProvider.System);
        var recorder = new RunRecorder(header, writer);
        recorder.Set(trainer.Forecast(header.Structure));
        return TrainingLoop.Run(trainer, recorder, options, progress, cancellation);
    }

    private sealed class Each(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }

    private sealed class After(int step, Action act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step) act();
        }
    }
}
