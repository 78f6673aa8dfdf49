using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>Trainings whose layers first learn to predict the next input.</summary>
public sealed class PretrainTests
{
    private const string Language =
        "agreement: { distance: 16, languages: 2, predict: language, train: 40, test: 100 }";
    private const string Short = "agreement: { distance: 8, languages: 2, train: 600, test: 10 }";

    [Fact]
    public void The_next_symbol_is_the_class_and_behind_the_last_nothing_is_asked()
    {
        AgreementSpec spec = new() { Distance = new LengthRange(6, 9), Train = 40, Test = 10 };
        Dataset words = TaskData.Load(spec, ".", 5, 0.1).Train;
        Dataset next = NextInputs.Of(TaskData.Load(
            spec with { Predict = AgreementTarget.Language }, ".", 5, 0.1)).Train;

        (next.Classes, next.LabelsPerSample).ShouldBe((39, 14));
        for (int i = 0; i < next.Count; i++)
        {
            int length = next.Traits.Lengths![i];
            int[] labels = next.Labels![(i * 14)..((i + 1) * 14)];
            labels[..(length - 1)].ShouldBe(words.Labels![(i * 14)..((i * 14) + length - 1)]);
            labels[(length - 1)..].ShouldAllBe(label => label == -1);
        }
    }

    [Fact]
    public void Inputs_that_are_no_symbols_are_numbers_to_predict()
    {
        DataSplits own = TaskData.Load(new AddingSpec { Length = 10, Train = 20, Test = 10 }, ".", 5, 0.1);
        Dataset next = NextInputs.Of(own).Train;

        (next.Labels, next.TargetSize, next.LabelsPerSample).ShouldBe((null, 2, 10));
        next.Targets![..18].ShouldBe(own.Train.Inputs[2..20]);
        next.Targets![18..20].ShouldAllBe(target => float.IsNaN(target));
    }

    [Fact]
    public void Layers_begin_with_what_they_learned_and_the_head_as_drawn()
    {
        Trainer trainer = Start(Language, 10, ", pretrain: { epochs: 30 }"), drawn = Start(Language, 10);
        trainer.PretrainingSteps.ShouldBe(60);
        string[] names = [.. trainer.Capture().Tensors.Keys];

        List<Evaluation> judged = [];
        trainer.Pretrain(null, judged.Add, 20).ShouldBeTrue();

        judged.Select(evaluation => (evaluation.Step, evaluation.Epoch, evaluation.Split, evaluation.Metric))
            .ShouldBe(new[] { 0, 20, 40, 60 }.Select(step => (step, step / 2.0, "pretraining", (double?)null)));
        judged[0].Loss.ShouldBe(Math.Log(33), 0.05 * Math.Log(33));
        judged[^1].Loss.ShouldBeLessThan(0.75 * Math.Log(33));
        (trainer.PretrainedSteps, trainer.PretrainingSteps, trainer.Step).ShouldBe((60, 0, 0));
        foreach (string name in names)
            Same(trainer, drawn, name).ShouldBe(name.StartsWith("linear", StringComparison.Ordinal), name);
        Should.Throw<InvalidOperationException>(() => trainer.Pretrain());
    }

    [Fact]
    public void One_file_comes_to_the_bits_of_two_and_few_labels_are_enough()
    {
        Trainer first = Start(Short, 300, "", "lstm: 24, linear: 33");
        first.Take(300);
        string folder = Directory.CreateTempSubdirectory().FullName;
        Checkpoints.Save(RunFolder.At(folder).Checkpoint, first.Capture());
        Trainer second = Start(Language, 60, $", start-from: {folder}");
        Trainer both = Start(Language, 60, ", pretrain: { steps: 300, data: { " + Short + " } }");
        both.Pretrain();
        Trainer anew = Start(Language, 60);

        second.Take(60);
        both.Take(60);
        anew.Take(60);

        foreach (string name in both.Capture().Tensors.Keys) Same(both, second, name).ShouldBeTrue(name);
        // 100 sentences of two languages: three standard errors of a guess are 0.15.
        both.EvaluateTest()!.Metric!.Value.ShouldBeGreaterThan(0.9);
        anew.EvaluateTest()!.Metric!.Value.ShouldBeLessThan(0.65);
    }

    [Fact]
    public void A_loop_pretrains_first_and_keeps_what_it_begins_with()
    {
        Trainer trainer = Start(Language, 4, ", pretrain: 3");
        string start = Path.Combine(Directory.CreateTempSubdirectory().FullName, "start.safetensors");

        Run run = TrainingLoop.Run(
            trainer, Trainings.RecorderOf(trainer), new LoopOptions { Start = start, PretrainingSteps = 2 });

        trainer.PretrainedSteps.ShouldBe(2);
        run.Steps.Count.ShouldBe(4);
        run.Evaluations.Take(3).Select(evaluation => (evaluation.Step, evaluation.Split))
            .ShouldBe([(0, "pretraining"), (1, "pretraining"), (2, "pretraining")]);
        run.Evaluations.Skip(3).ShouldAllBe(evaluation => evaluation.Split != "pretraining");
        Trainer same = Start(Language, 4, $", start-from: {start}");
        same.Take(4);
        foreach (string name in trainer.Capture().Tensors.Keys) Same(trainer, same, name).ShouldBeTrue(name);
    }

    [Fact]
    public void A_pretraining_that_is_stopped_begins_no_training()
    {
        Trainer trainer = Start(Language, 4, ", pretrain: 3");
        string checkpoint = Path.Combine(Directory.CreateTempSubdirectory().FullName, "checkpoint.safetensors");

        Run run = TrainingLoop.Run(
            trainer, Trainings.RecorderOf(trainer), new LoopOptions { Checkpoint = checkpoint }, null,
            new CancellationToken(canceled: true));

        run.End!.Reason.ShouldBe("interrupted");
        (run.Steps.Count, run.Evaluations.Count).ShouldBe((0, 0));
        TrainingState kept = Checkpoints.Load(checkpoint);
        (kept.Step, kept.Pretraining!.Step).ShouldBe((0, 0));
        Trainer plain = Start(Language, 4);
        Should.Throw<ArgumentException>(() => plain.Restore(kept)).Message.ShouldContain("pre-training before");
        Should.Throw<InvalidExperimentException>(() => Start(Language, 4, $", start-from: {checkpoint}"))
            .Message.ShouldContain("was stopped while pre-training");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(7, true)]
    [InlineData(12, true)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    public void A_pretraining_that_was_killed_goes_on_to_the_bits_of_one_that_never_was(int step, bool isBefore)
    {
        using Folder unbroken = new(), broken = new();
        Run expected = unbroken.Train();
        Should.Throw<OperationCanceledException>(() => broken.Train(new At(step, isBefore)));
        TrainingState kept = Checkpoints.Load(broken.Run.Checkpoint);
        (kept.Pretraining is not null).ShouldBe(isBefore);
        kept.Pretraining?.Step.ShouldBe(step);

        Run run = broken.GoOn();

        File.ReadAllBytes(broken.Run.Checkpoint).ShouldBe(File.ReadAllBytes(unbroken.Run.Checkpoint));
        run.Steps.ShouldBe(expected.Steps);
        run.Evaluations.ShouldBe(expected.Evaluations);
        run.Evaluations.Count(evaluation => evaluation.Split == "pretraining").ShouldBe(13);
        RunJson.Serialize(RunReader.Load(broken.Run.Database)).ShouldBe(RunJson.Serialize(run));
    }

    [Fact]
    public void What_was_recorded_behind_the_last_state_of_a_pretraining_is_recorded_anew()
    {
        using Folder folder = new();
        Should.Throw<OperationCanceledException>(() => folder.Train(new At(12, IsBefore: true)));
        using (RunWriter writer = RunWriter.Open(folder.Run.Database))
            writer.Add(new Evaluation(13, 0, "pretraining", 3, null, 4));

        folder.GoOn().Evaluations.Count(evaluation => evaluation.Split == "pretraining").ShouldBe(13);
    }

    [Theory]
    [InlineData("gru: { out: 8, bidirectional: true }, last-step: {}, linear: 2", "1", "'gru' sees later time steps")]
    [InlineData("attention: 1, last-step: {}, linear: 2", "1", "'attention' sees later time steps")]
    [InlineData("gru: 8, last-step: {}, linear: 2", "{ steps: 1, data: { blobs: {} } }", "needs sequences")]
    [InlineData("gru: 8, last-step: {}, linear: 2", "{ steps: 1, data: { agreement: {} } }", "the shape [24, 39]")]
    [InlineData("gru: 8, last-step: {}, linear: 2", "{}", "doesn't say how long; give 'steps' or 'epochs'")]
    [InlineData("gru: 8, last-step: {}, linear: 2", "{ steps: 1, epochs: 1 }", "has both 'steps' and 'epochs'")]
    public void What_cannot_be_pretrained_is_bad_input(string layers, string pretrain, string problem) =>
        Should.Throw<InvalidExperimentException>(() => Start(Language, 4, $", pretrain: {pretrain}", layers))
            .Message.ShouldSatisfyAllConditions(
                message => message.ShouldStartWith("test.yaml:7: "), message => message.ShouldContain(problem));

    [Fact]
    public void A_net_that_is_asked_at_every_step_needs_other_data_to_learn_from_first()
    {
        Should.Throw<InvalidExperimentException>(() => Start(Short, 4, ", pretrain: 1", "gru: 8, linear: 33"))
            .Message.ShouldContain("expected 'last-step' behind the layers that read the sequence");
        Trainer trainer = Start(Short, 4, ", pretrain: { steps: 1, data: { " + Short + " } }", "gru: 8, linear: 33");
        trainer.Pretrain().ShouldBeTrue();
    }

    [Fact]
    public void Its_data_move_with_the_file()
    {
        Experiment moved = ExperimentFile.Rebase(
            Parse(Language, 4, ", pretrain: { steps: 3, data: { text: { path: ../a.txt } } }"), "/x/y", "/x/z/w");
        moved.Training.Pretrain!.Data.ShouldBeOfType<TextSpec>().Path.ShouldBe("../../a.txt");
        ExperimentFile.Parse(ExperimentFile.Write(moved), "moved.yaml").ShouldBe(moved);
    }

    /// <summary>A run's folder, whose pre-training of 12 steps remembers, clips and draws; gone afterwards.</summary>
    private sealed class Folder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("gradflow-").FullName;

        public RunFolder Run => RunFolder.At(_path);

        public void Dispose() => Directory.Delete(_path, recursive: true);

        public Run Train(IProgress<TrainingProgress>? progress = null)
        {
            Trainer trainer = Trainer();
            RunHeader header = trainer.Describe(DateTimeOffset.UnixEpoch, "test");
            header.Plan.PretrainingSteps.ShouldBe(12);
            using RunWriter writer = RunWriter.Create(Run.Database, header);
            return TrainingLoop.Run(trainer, new RunRecorder(header, writer), Options(null), progress);
        }

        public Run GoOn()
        {
            TrainingState state = Checkpoints.Load(Run.Checkpoint);
            using RunWriter writer = RunWriter.Resume(Run.Database, state.Step, state.Pretraining?.Step);
            return TrainingLoop.Run(Trainer(), new RunRecorder(RunReader.Load(Run.Database), writer), Options(state));
        }

        private static Trainer Trainer() => Start(
            Language, 4, ", clip: { percentile: 60 }, pretrain: 12",
            "lstm: 12, dropout: 0.2, layer-norm: {}, last-step: {}, linear: 2");

        // Where no time passes, each step of a pre-training is followed by a checkpoint.
        private LoopOptions Options(TrainingState? from) => new()
        {
            From = from,
            Checkpoint = Run.Checkpoint,
            Start = Run.Start,
            Watch = null,
            Time = new StandingClock(),
        };
    }

    private sealed record At(int Step, bool IsBefore) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if ((value.Step, value.IsPretraining) == (Step, IsBefore)) throw new OperationCanceledException();
        }
    }

    private static bool Same(Trainer a, Trainer b, string name) =>
        a.Capture().Tensors[name].ToDoubles().SequenceEqual(b.Capture().Tensors[name].ToDoubles());

    private static Trainer Start(
        string data, int steps, string more = "", string layers = "lstm: 24, last-step: {}, linear: 2") =>
        Trainings.Start(Parse(data, steps, more, layers));

    private static Experiment Parse(
        string data, int steps, string more, string layers = "lstm: 24, last-step: {}, linear: 2") =>
        Trainings.Parse($$"""
            name: pretrained
            seed: 1
            data: { {{data}} }
            model: [ {{layers}} ]
            loss: cross-entropy
            optimizer: { adam: { lr: 0.02 } }
            training: { steps: {{steps}}, batch: 18{{more}} }
            """);
}
