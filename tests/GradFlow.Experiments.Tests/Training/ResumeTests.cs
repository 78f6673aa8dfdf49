using GradFlow.Flow;
using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>Runs that are stopped or killed and go on in the same folder.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-");

    private string Database => Path.Combine(_folder.FullName, "run.db");

    private string Checkpoint => Path.Combine(_folder.FullName, "checkpoint.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(29)]
    public void A_run_that_was_killed_ends_as_one_that_never_was(int step)
    {
        Run unbroken = Unbroken(out TrainingState expected);
        Should.Throw<KilledException>(() => Begin(new At(step, () => throw new KilledException()), default));
        RunReader.Load(Database).End.ShouldBeNull();

        Run run = GoOn(out Trainer trainer, out int from);
        from.ShouldBeInRange(0, step);
        run.End!.TimedFrom.ShouldBe(from, "nobody knows how long the steps before took");
        trainer.Capture().Bits().ShouldBe(expected.Bits());
        ShouldBeLike(run, unbroken, from);
        RunJson.Serialize(RunReader.Load(Database)).ShouldBe(RunJson.Serialize(run));
    }

    [Fact]
    public void A_run_that_its_user_stopped_goes_on_from_its_last_step()
    {
        Run unbroken = Unbroken(out TrainingState expected);
        using var stop = new CancellationTokenSource();
        Begin(new At(13, stop.Cancel), stop.Token).End!.Reason.ShouldBe("interrupted");

        Run run = GoOn(out Trainer trainer, out int from);
        from.ShouldBe(13);
        trainer.Capture().Bits().ShouldBe(expected.Bits());
        ShouldBeLike(run, unbroken, from);
    }

    [Fact]
    public void Until_an_epoch_has_been_watched_no_unit_is_called_dead()
    {
        Should.Throw<KilledException>(() => Begin(new At(13, () => throw new KilledException()), default));
        Run run = GoOn(out Trainer trainer, out int from);
        trainer.StepsPerEpoch.ShouldBe(9);
        int[] told = [.. run.Frames.Where(f => f.Step >= from && f.Forward!.DeadShare!.Any(share => share is not null))
            .Select(f => f.Step)];
        told.ShouldNotBeEmpty();
        told.ShouldAllBe(step => step >= 27);
    }

    [Fact]
    public void Keeping_states_takes_no_more_than_a_tenth_of_the_time()
    {
        // A look at the clock takes a second, and so saving takes one; a second passes between two judgements.
        var clock = new WorkingClock();
        Trainer trainer = Trainings.Start(Trainings.Everything);
        RunRecorder recorder = Trainings.RecorderOf(trainer);
        var checkpoint = new RegularCheckpoint(Checkpoint, clock);
        int kept = 0;
        for (int judgement = 0; judgement < 60; judgement++)
        {
            clock.Seconds++;
            File.Delete(Checkpoint);
            checkpoint.SaveInTime(trainer, recorder);
            if (File.Exists(Checkpoint)) kept++;
        }
        kept.ShouldBeInRange(2, (int)clock.Seconds / 10);
    }

    private Run Begin(IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        Trainer trainer = Trainings.Start(Trainings.Everything);
        RunHeader header = trainer.Describe(DateTimeOffset.UnixEpoch, "test");
        using RunWriter writer = RunWriter.Create(Database, header);
        return TrainingLoop.Run(
            trainer, new RunRecorder(header, writer), Options(null, Checkpoint), progress, cancellation);
    }

    private Run GoOn(out Trainer trainer, out int from)
    {
        trainer = Trainings.Start(Trainings.Everything);
        TrainingState state = Checkpoints.Load(Checkpoint);
        from = state.Step;
        using RunWriter writer = RunWriter.Resume(Database, state.Step);
        return TrainingLoop.Run(trainer, new RunRecorder(RunReader.Load(Database), writer), Options(state, Checkpoint));
    }

    private static Run Unbroken(out TrainingState end)
    {
        Trainer trainer = Trainings.Start(Trainings.Everything);
        RunHeader header = trainer.Describe(DateTimeOffset.UnixEpoch, "test");
        Run run = TrainingLoop.Run(trainer, new RunRecorder(header), Options(null, null));
        end = trainer.Capture();
        return run;
    }

    private static LoopOptions Options(TrainingState? from, string? checkpoint) => new()
    {
        Watch = new WatchOptions { Budget = 1, MaxInterval = 1 },
        From = from,
        Checkpoint = checkpoint,
        // Where no time passes, each judgement is followed by a checkpoint.
        Time = new StandingClock(),
    };

    private static void ShouldBeLike(Run run, Run expected, int from)
    {
        run.Steps.ShouldBe(expected.Steps);
        run.Evaluations.ShouldBe(expected.Evaluations);
        run.End!.Reason.ShouldBe("completed");
        run.Frames.Select(f => Text(f, from)).ShouldBe(expected.Frames.Select(f => Text(f, from)));
    }

    /// <summary>What a watch remembers from step to step, it begins anew with.</summary>
    private static string Text(Frame frame, int from) => RunJson.Serialize(frame with
    {
        GradientCosine = frame.Step == from ? null : frame.GradientCosine,
        Forward = frame.Forward! with { DeadShare = null },
    });

    private sealed class KilledException : Exception;

    private sealed class At(int step, Action action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step) action();
        }
    }

    private sealed class WorkingClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ++Seconds;
    }
}
