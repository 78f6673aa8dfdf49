using System.Globalization;
using System.Text.RegularExpressions;
using GradFlow.Flow;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

public sealed partial class ActivationCheckpointingTests
{
    private const int Steps = 12;

    public static TheoryData<string> Segments => ["sqrt", "{ every: 1 }", "{ every: 3 }", "{ every: 100 }"];

    [Theory, MemberData(nameof(Segments))]
    public void A_training_ends_in_the_bits_of_one_that_keeps_all(string segments)
    {
        Trainer whole = Trainings.Start(Varied("")),
            parted = Trainings.Start(Varied($", activation-checkpointing: {segments}"));
        parted.Take(Steps).ShouldBe(whole.Take(Steps));
        parted.Capture().Bits().ShouldBe(whole.Capture().Bits());
        parted.EvaluateValidation().ShouldBe(whole.EvaluateValidation());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Threads_change_no_bit_of_it(int threads)
    {
        Trainer whole = Trainings.Start(Varied(""));
        whole.Take(Steps);
        int before = Workers.Threads;
        Workers.Use(threads);
        try
        {
            Trainer parted = Trainings.Start(Varied(", activation-checkpointing: sqrt"));
            parted.Take(Steps);
            parted.Capture().Bits().ShouldBe(whole.Capture().Bits());
        }
        finally
        {
            Workers.Use(before);
        }
    }

    [Theory, MemberData(nameof(Segments))]
    public void Updates_of_several_batches_and_penalties_are_the_same_too(string segments)
    {
        const string Training = ", accumulate: 3, regularizers: [ l2: 0.01, orthogonality: 0.01 ]";
        Trainer whole = Trainings.Start(Varied(Training));
        Trainer parted = Trainings.Start(Varied($"{Training}, activation-checkpointing: {segments}"));
        parted.Take(Steps).ShouldBe(whole.Take(Steps));
        parted.Capture().Bits().ShouldBe(whole.Capture().Bits());
    }

    [Theory, MemberData(nameof(Segments))]
    public void Frames_are_those_of_a_training_that_keeps_all(string segments)
    {
        foreach (Func<string, Experiment> of in new[] { Varied, Recurrent, Convolutional })
        {
            // What sums over time steps is parted there.
            if (of == Recurrent && segments == "sqrt") continue;
            string[] expected = Frames(of("")), frames = Frames(of($", activation-checkpointing: {segments}"));
            frames.Length.ShouldBe(Steps);
            frames.ShouldBe(expected);
        }
    }

    /// <summary>
    /// Parted in time, gradients of weights are sums in another order: float32 rounds each to 6e−8, and some ten
    /// updates hand that on.
    /// </summary>
    [Theory]
    [InlineData("[ rnn: 6, gru: 6, dropout: 0.2, lstm: 6, last-step, linear: 1 ]", "")]
    [InlineData("[ gru: { out: 5, bidirectional: true }, lstm: { out: 6, peepholes: true }, last-step, linear: 1 ]",
        "")]
    [InlineData("[ lstm: { out: 6, chrono: 9 }, leaky-rnn: { out: 6 }, last-step, linear: 1 ]", ", truncate: 4")]
    [InlineData("[ rnn: { out: 6, skip: 4 }, gru: { out: 6, skip: 2 }, lru: 4, last-step, linear: 1 ]", "")]
    [InlineData("[ orthogonal-rnn: 6, irnn: 6, rnn: { out: 6, layer-norm: true }, last-step, linear: 1 ]", "")]
    public void Frames_of_recurrent_layers_are_the_same_numbers_to_rounding(string model, string training)
    {
        Experiment Of(string more) => OfSequences(model, $"{training}{more}");
        double[][] whole = [.. Frames(Of("")).Select(NumbersIn)];
        double[][] parted = [.. Frames(Of(", activation-checkpointing: sqrt")).Select(NumbersIn)];
        for (int step = 0; step < Steps; step++)
        {
            parted[step].Length.ShouldBe(whole[step].Length);
            for (int i = 0; i < whole[step].Length; i++)
                parted[step][i].ShouldBe(
                    whole[step][i], 1e-3 * Math.Max(1, Math.Abs(whole[step][i])), $"step {step}, number {i}");
        }
    }

    [Theory]
    [InlineData("reber: { train: 60, test: 20 }", "gru: 6, lstm: 6, linear: 7")]
    [InlineData("temporal-order: { length: 30, train: 60, test: 20 }", "lstm: 6, last-step: {}, linear: 4")]
    public void Sequences_of_several_lengths_end_where_they_do(string data, string model)
    {
        double[] Losses(string more) => [.. Trainings.Start(Trainings.Parse($$"""
            name: lengths
            data: { {{data}} }
            model: [ {{model}} ]
            loss: cross-entropy
            optimizer: { sgd: { lr: 0.05 } }
            training: { steps: 30, batch: 16{{more}} }
            """)).Take(Steps).Select(step => step.Loss)];
        Losses(", activation-checkpointing: sqrt").ShouldBe(Losses(""), 1e-4);
    }

    [Fact]
    public void A_training_that_breaks_names_the_same_origin()
    {
        NonFiniteOrigin? OriginOf(string training)
        {
            Trainer trainer = Trainings.Start(
                Varied(training) with { Optimizer = new SgdSpec { LearningRate = 1e30 } });
            trainer.Take(3);
            return trainer.NonFinite;
        }
        OriginOf(", activation-checkpointing: sqrt").ShouldBe(OriginOf("").ShouldNotBeNull());
    }

    [Fact]
    public void Of_the_layers_a_repeat_makes_each_counts()
    {
        Model model = Trainings.Start(Trainings.OfModel(
            "[ repeat: { times: 7, layers: [ linear: 4, tanh ] }, residual: [ linear: 4, relu ], linear: 3 ]",
            "{ steps: 1, activation-checkpointing: sqrt }")).Model;
        model.Net.Children.Count.ShouldBe(16);
        model.Net.SegmentLength.ShouldBe(4);
        Trainings.Start(Varied("")).Model.Net.SegmentLength.ShouldBeNull();
    }

    [Fact]
    public void A_segment_of_no_layers_is_refused() =>
        Should.Throw<InvalidExperimentException>(() => Varied(", activation-checkpointing: { every: 0 }"))
            .Message.ShouldContain("'layers' in 'every' must be at least 1");

    private static double[] NumbersIn(string frame) =>
        [.. Numbers().Matches(frame).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"-?[0-9]+(\.[0-9]+)?(E[-+]?[0-9]+)?")]
    private static partial Regex Numbers();

    private static string[] Frames(Experiment experiment)
    {
        Trainer trainer = Trainings.Start(experiment);
        RunStructure structure = trainer.Describe(DateTimeOffset.UnixEpoch, "test").Structure;
        trainer.Watch = new NetWatch(
            trainer.Model.Net, structure, 16, new WatchOptions { Budget = 1, MaxInterval = 1 });
        return [.. Enumerable.Range(0, Steps).Select(
            _ => RunJson.Serialize(trainer.Advance().Frame.ShouldNotBeNull()))];
    }

    /// <summary>Layers with draws and running averages, and blocks in blocks.</summary>
    private static Experiment Varied(string training) => Trainings.Parse($$"""
        name: varied
        seed: 3
        data: { blobs: { samples: 200, noise: 0.4 } }
        model:
          - linear: 8
          - batch-norm
          - rrelu
          - dropout: 0.2
          - repeat: { times: 3, layers: [ { linear: { out: 8, weight-norm: true } }, selu ] }
          - residual: [ batch-norm, prelu, { linear: 8 }, { rezero: [ { linear: 8 }, tanh, dropout ] } ]
          - highway: [ { linear: 8 }, { hard-tanh: { min: -2, max: 2 } } ]
          - dense-concat: [ { linear: 4 }, relu ]
          - layer-norm
          - linear: 3
        loss: cross-entropy
        optimizer: { sgd: { lr: 0.05, momentum: 0.9 } }
        training: { steps: 30, batch: 16, clip: { norm: 0.5 }, warm-up: 5, schedule: cosine{{training}} }
        """);

    private static Experiment Recurrent(string training) =>
        OfSequences("[ rnn: 6, gru: 6, dropout: 0.2, lstm: 6, last-step, linear: 1 ]", training);

    private static Experiment OfSequences(string model, string training) => Trainings.Parse($$"""
        name: recurrent
        data: { adding: { length: 10, train: 100, test: 10 } }
        model: {{model}}
        loss: mse
        optimizer: { adam: { lr: 0.01 } }
        training: { steps: 30, batch: 16{{training}} }
        """);

    private static Experiment Convolutional(string training) => Trainings.Parse($$"""
        name: convolutional
        data: { strokes: { train: 64, test: 10 } }
        model:
          - conv2d: { out: 4, kernel: 3, stride: 2, padding: 1 }
          - batch-norm
          - relu
          - residual: [ { conv2d: { out: 4, kernel: 3, padding: 1 } }, group-norm: 2, tanh ]
          - max-pool2d: 2
          - flatten
          - linear: 10
        loss: cross-entropy
        optimizer: { sgd: { lr: 0.05 } }
        training: { steps: 30, batch: 16{{training}} }
        """);
}
