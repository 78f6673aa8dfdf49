using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>Nets that read sequences of several lengths in one batch.</summary>
public sealed class SeveralLengthsTests
{
    public static TheoryData<string, string, string> Trainings => new()
    {
        { "copy: { length: [2, 5], remember: 2, train: 80, test: 40 }", "rnn: { out: 6 }, linear: 9", "cross-entropy" },
        { "copy: { length: [2, 5], remember: 2, train: 80, test: 40 }", "gru: { out: 6 }, linear: 9", "mse" },
        { "latch: { length: [5, 9], train: 80, test: 40 }", "lstm: { out: 6 }, last-step, linear: 2", "cross-entropy" },
        { "latch: { length: [5, 9], train: 80, test: 40 }", "rnn: { out: 6 }, last-step, linear: 1",
            "binary-cross-entropy" },
        { "adding: { length: [4, 9], train: 80, test: 40 }", "rnn: { out: 6 }, global-avg-pool, linear: 1", "mse" },
        { "adding: { length: [4, 9], train: 80, test: 40 }", "rnn: { out: 6 }, global-max-pool, linear: 1", "mse" },
    };

    /// <summary>Loss and accuracy are the means over what each sequence alone would be asked for.</summary>
    [Theory]
    [MemberData(nameof(Trainings))]
    public void Padding_is_neither_seen_nor_counted(string data, string model, string loss)
    {
        Experiment experiment = Of(data, model, loss);
        DataSplits splits = Tests.Training.Trainings.DataOf(experiment);
        Evaluation together = new Trainer(experiment, splits).EvaluateTest()!;
        double sum = 0, hits = 0;
        int compared = 0;
        Dataset test = splits.Test!;
        foreach (IGrouping<int, int> rows in Enumerable.Range(0, test.Count).GroupBy(i => test.Traits.Lengths![i]))
        {
            Dataset alone = Trimmed(test, [.. rows], rows.Key);
            Evaluation own = new Trainer(experiment, splits with { Train = alone, Test = alone }).EvaluateTest()!;
            int count = alone.Count * alone.LabelsPerSample;
            sum += own.Loss * count;
            hits += (own.Metric ?? 0) * alone.Count;
            compared += count;
        }

        together.Loss.ShouldBe(sum / compared, 1e-6);
        if (test.Labels is not null) together.Metric!.Value.ShouldBe(hits / test.Count, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Trainings))]
    public void They_train_under_watch_to_the_same_bits(string data, string model, string loss)
    {
        Experiment experiment = Of(data, model, loss);
        Trainer watched = Tests.Training.Trainings.Start(experiment), bare = Tests.Training.Trainings.Start(experiment);
        RunRecorder recorder = Tests.Training.Trainings.RecorderOf(watched);

        Run run = TrainingLoop.Run(watched, recorder);
        TrainingLoop.Run(bare, Tests.Training.Trainings.RecorderOf(bare), new LoopOptions { Watch = null });

        run.Steps.ShouldAllBe(step => double.IsFinite(step.Loss));
        run.Frames.ShouldAllBe(frame => frame.ThroughTime!.Single() != null);
        watched.Capture().Bits().ShouldBe(bare.Capture().Bits());
    }

    [Fact]
    public void Micro_batches_of_several_lengths_add_up_to_the_whole_batch()
    {
        const string Data = "copy: { length: [1, 9], remember: 1, train: 80, test: 40 }";
        Experiment whole = Of(Data, "rnn: { out: 6 }, linear: 9", "cross-entropy");
        Experiment parts = whole with { Training = whole.Training with { Batch = 4, Accumulate = 4 } };

        StepRecord one = Tests.Training.Trainings.Start(whole).Take(1)[0];
        StepRecord several = Tests.Training.Trainings.Start(parts).Take(1)[0];

        several.Loss.ShouldBe(one.Loss, 1e-6);
        several.GradientNorm!.Value.ShouldBe(one.GradientNorm!.Value, 1e-5);
        several.Metric!.Value.ShouldBe(one.Metric!.Value, 1e-9);
    }

    [Theory]
    [InlineData("conv1d: { out: 4, kernel: 3 }")]
    [InlineData("max-pool1d: 2")]
    [InlineData("batch-norm")]
    public void A_layer_that_would_mix_padding_in_is_refused(string layer)
    {
        Experiment experiment = Tests.Training.Trainings.Parse($"""
            name: s
            data: {"{ adding: { length: [8, 9] } }"}
            model:
              - {layer}
              - last-step
              - linear: 1
            loss: mse
            optimizer: sgd
            training: {"{ steps: 1 }"}
            """);

        Should.Throw<InvalidExperimentException>(() => Tests.Training.Trainings.Start(experiment)).Message.ShouldBe(
            $"test.yaml:4: model[0]: '{layer.Split(':')[0]}' would mix the padding behind shorter sequences with what "
            + "they hold; expected sequences of one 'length'");
    }

    private static Experiment Of(string data, string model, string loss) => Tests.Training.Trainings.Parse(
        $"name: s\nseed: 1\ndata: {{ {data} }}\nmodel: [ {model} ]\nloss: {loss}\n"
        + "optimizer: { adam: { lr: 0.01 } }\ntraining: { steps: 6, batch: 16 }\n");

    /// <summary>Sequences of one length without what lies behind them.</summary>
    private static Dataset Trimmed(Dataset data, int[] rows, int length)
    {
        int channels = data.InputShape[1];
        T[] Cut<T>(T[] values, int size) => [.. rows.SelectMany(
            row => values.Skip(row * data.InputShape[0] * size).Take(length * size))];
        T[] Own<T>(T[] values) => [.. rows.Select(row => values[row])];
        return data.Labels is null
            ? Dataset.ForRegression(Cut(data.Inputs, channels), [length, channels], Own(data.Targets!), 1)
            : Dataset.ForClasses(
                Cut(data.Inputs, channels), [length, channels],
                data.LabelsPerSample == 1 ? Own(data.Labels) : Cut(data.Labels, 1), data.Classes,
                traits: new SequenceTraits { Judged = data.Traits.Judged });
    }
}
