using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;

namespace GradFlow.Tests;

public sealed class FolderTests : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void The_folder_holds_the_run_and_its_page()
    {
        OwnTraining training = OwnTraining.Varied();
        using (GradientWatch watch = Over(training, new WatchSettings { Name = "my net", Steps = 10, Seed = 5 }))
        {
            training.Run(10, watch);
            watch.Folder.Path.ShouldBe(_scratch.Runs.ShouldHaveSingleItem());
        }
        Run run = _scratch.TheRun();
        run.Header.Name.ShouldBe("my net");
        run.Header.Seed.ShouldBe(5);
        run.Header.Plan.ShouldBe(run.Header.Plan with
        {
            Steps = 10,
            BatchSize = OwnTraining.Batch,
            Loss = "cross-entropy",
            Optimizer = "sgd",
            LearningRate = 0.3,
        });
        run.Header.Plan.InputRms!.Value.ShouldBe(Math.Sqrt((1 + 0.4 * 0.4) / 4), 1e-6);
        run.Header.Plan.InputMaxAbs!.Value.ShouldBeInRange(0.9, 1);
        run.End!.Reason.ShouldBe("completed");
        run.End.WatchShare!.Value.ShouldBeInRange(0, 1);
        File.ReadAllText(RunFolder.At(_scratch.Runs[0]).Report).ShouldContain("my net");
    }

    [Fact]
    public void Epochs_metrics_and_evaluations_are_kept()
    {
        OwnTraining training = OwnTraining.Varied();
        using (GradientWatch watch = Over(training, new WatchSettings { StepsPerEpoch = 4, ChanceMetric = 0.5 }))
        {
            watch.Evaluate("validation", 0.7, 0.5, samples: 100);
            training.Run(6, watch);
            watch.Evaluate("test", 0.6);
        }
        Run run = _scratch.TheRun();
        run.Header.Plan.MetricName.ShouldBe("accuracy");
        run.Steps.Select(step => step.Epoch).ShouldBe([0, 0, 0, 0, 1, 1]);
        run.Evaluations.ShouldBe(
            [new Evaluation(0, 0, "validation", 0.7, 0.5, 100), new Evaluation(6, 1.5, "test", 0.6, null, 0)]);
    }

    [Fact]
    public void Epochs_may_be_told_instead_of_counted()
    {
        OwnTraining training = OwnTraining.Varied();
        using (GradientWatch watch = Over(training, new WatchSettings()))
        {
            training.Run(3, watch);
            watch.EndEpoch();
            training.Run(2, watch);
            watch.Evaluate("train", 0.5);
        }
        Run run = _scratch.TheRun();
        run.Steps.Select(step => step.Epoch).ShouldBe([0, 0, 0, 1, 1]);
        run.Evaluations.ShouldHaveSingleItem().Epoch.ShouldBe(1);
        run.Frames[^1].Forward!.DeadShare!.ShouldContain(share => share != null);
    }

    [Fact]
    public void An_exception_out_of_the_loop_leaves_a_run_with_its_diagnosis()
    {
        OwnTraining training = OwnTraining.Varied();
        Should.Throw<TimeoutException>(() =>
        {
            using GradientWatch watch = Over(training, new WatchSettings());
            training.Run(5, watch);
            using Tape tape = watch.Tape();
            throw new TimeoutException();
        });
        Run run = _scratch.TheRun();
        run.Steps.Count.ShouldBe(5);
        run.End!.Reason.ShouldBe("interrupted");
        run.Diagnosis.ShouldNotBeNull();
        File.Exists(RunFolder.At(_scratch.Runs[0]).Report).ShouldBeTrue();
    }

    [Fact]
    public void A_training_short_of_its_plan_was_interrupted()
    {
        OwnTraining training = OwnTraining.Varied();
        using (GradientWatch watch = Over(training, new WatchSettings { Steps = 10 })) training.Run(5, watch);
        _scratch.TheRun().End!.Reason.ShouldBe("interrupted");
    }

    [Fact]
    public void A_run_can_be_read_before_its_end()
    {
        var time = new HandTime();
        OwnTraining training = OwnTraining.Varied();
        using GradientWatch watch = Over(training, new WatchSettings { Time = time });
        training.Run(5, watch);
        time.Ring();
        Run run = _scratch.TheRun();
        run.Steps.Count.ShouldBe(5);
        run.End.ShouldBeNull();
    }

    [Fact]
    public void A_watch_without_a_step_leaves_nothing()
    {
        OwnTraining training = OwnTraining.Varied();
        using (GradientWatch watch = Over(training, new WatchSettings()))
        {
            watch.Evaluate("validation", 0.7);
            using Tape tape = watch.Tape();
            training.Loss(tape, 0);
        }
        _scratch.Runs.ShouldBeEmpty();
    }

    [Fact]
    public void Layers_made_in_code_are_those_of_an_experiment_file()
    {
        Linear own = Linear.Create("linear-1", 3, 4, seed: 11);
        var experiment = Experiments.ExperimentFile.Parse(
            "{ name: x, seed: 11, data: { blobs: {} }, model: [ { linear: 4 } ], loss: cross-entropy, "
                + "optimizer: { sgd: { lr: 1 } }, training: { steps: 1, batch: 2 } }", "x.yaml");
        Sequential net = Experiments.ModelBuilder.Build(experiment, [3], "x.yaml").Net;
        own.AllParameters().Select(p => p.Name).ShouldBe(net.AllParameters().Select(p => p.Name));
        foreach ((Parameter mine, Parameter theirs) in own.AllParameters().Zip(net.AllParameters()))
            mine.Value.AsSpan<float>().ToArray().ShouldBe(theirs.Value.AsSpan<float>().ToArray());
        Linear.Create("linear-1", 3, 4, seed: 11, hasBias: false).Bias.ShouldBeNull();
    }

    public void Dispose() => _scratch.Dispose();

    private GradientWatch Over(OwnTraining training, WatchSettings settings) =>
        GradientWatch.Over(training.Net, training.Optimizer, settings with { Out = _scratch.Path });

    /// <summary>A clock whose timers ring by hand.</summary>
    private sealed class HandTime : TimeProvider
    {
        private readonly List<Action> _timers = [];

        public void Ring() => _timers.ForEach(timer => timer());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add(() => callback(state));
            return new Silent();
        }

        private sealed class Silent : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
