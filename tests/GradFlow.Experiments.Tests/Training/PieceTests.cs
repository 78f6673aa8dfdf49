using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>Updates of pieces of sequences (truncated back-propagation with K1 and K2).</summary>
public sealed class PieceTests
{
    private const string Still = "sgd: { lr: 1e-30 }";
    private const string Whole = "agreement: { distance: 7, train: 40, test: 10 }";

    [Fact]
    public void A_piece_that_is_the_whole_sequence_trains_to_the_same_bits()
    {
        Trainer pieces = Start(Whole, ", truncate: { every: 12 }"), whole = Start(Whole, "");

        pieces.Take(8).Select(step => step.Loss).ShouldBe(whole.Take(8).Select(step => step.Loss));
        pieces.StepsPerEpoch.ShouldBe(whole.StepsPerEpoch);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 8)]
    [InlineData(5, 7)]
    [InlineData(1, 12)]
    public void The_losses_of_pieces_are_those_of_the_whole_sequence(int every, int back)
    {
        Trainer trainer = Start(Whole, $", truncate: {{ every: {every}, back: {back} }}", Still);
        int updates = ((12 - back) / every) + 1, lead = (12 - back) % every;
        Streams streams = new(12, every, back);
        (streams.Updates, streams.Lead).ShouldBe((updates, lead));
        trainer.StepsPerEpoch.ShouldBe(updates * Start(Whole, "").StepsPerEpoch);

        double[] losses = [.. trainer.Take(updates).Select(step => step.Loss)];

        double sum = (losses[0] * back) + losses.Skip(1).Sum(loss => loss * every);
        double expected = LossesAtSteps(trainer, FirstBatch(trainer)).Skip(lead).Sum();
        sum.ShouldBe(expected, 1e-5 * expected);
    }

    [Fact]
    public void The_gradient_of_a_piece_is_the_whole_ones_cut_where_the_piece_begins()
    {
        Trainer pieces = Start(Whole, ", truncate: { every: 4 }", Still), cut = Start(Whole, ", truncate: 4", Still);
        IReadOnlyList<Parameter> ours = pieces.Model.Net.AllParameters(), theirs = cut.Model.Net.AllParameters();
        double[][] sums = [.. ours.Select(p => new double[p.Value.Size])];
        for (int update = 0; update < 3; update++)
        {
            pieces.Advance();
            for (int i = 0; i < sums.Length; i++)
                foreach ((int k, double g) in ours[i].Gradient.ToDoubles().Index()) sums[i][k] += g / 3;
        }
        cut.Advance();

        for (int i = 0; i < sums.Length; i++)
        {
            double[] whole = theirs[i].Gradient.ToDoubles();
            double size = Math.Sqrt(whole.Sum(g => g * g));
            double off = Math.Sqrt(whole.Zip(sums[i], (a, b) => (a - b) * (a - b)).Sum());
            off.ShouldBeLessThan(1e-5 * size, theirs[i].Name);
        }
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(5, 15)]
    public void Streams_carry_their_state_through_the_whole_text(int every, int back)
    {
        Trainer trainer = Start(
            "text: { characters: 3000, window: 20 }", $", truncate: {{ every: {every}, back: {back}, carry: true }}",
            Still);
        Dataset train = Trainings.DataOf(trainer.Experiment).Train;
        int samples = train.Count / 8, length = samples * 20, lead = (length - back) % every;
        trainer.StepsPerEpoch.ShouldBe(((length - back) / every) + 1);

        double[] losses = [.. trainer.Take(trainer.StepsPerEpoch).Select(step => step.Loss)];

        double[] perStep = Streamed(trainer, train, 8, samples);
        double sum = (losses[0] * back) + losses.Skip(1).Sum(loss => loss * every), expected = perStep.Skip(lead).Sum();
        sum.ShouldBe(expected, 1e-5 * expected);
        // The next epoch begins anew.
        trainer.Advance().Record.Loss.ShouldBe(losses[0], 1e-6);
    }

    [Fact]
    public void A_text_is_tested_as_one_stream()
    {
        Trainer trainer = Start("text: { characters: 3000, window: 20 }", ", truncate: { every: 20, carry: true }");
        trainer.Take(20);
        DataSplits data = Trainings.DataOf(trainer.Experiment);

        Evaluation test = trainer.EvaluateTest()!, validation = trainer.EvaluateValidation();

        test.Loss.ShouldBe(Streamed(trainer, data.Test!, 1, data.Test!.Count).Average(), 1e-6);
        test.Metric.ShouldNotBeNull();
        // 13 samples in 7 streams: six of two and one of one.
        data.Validation.Count.ShouldBe(13);
        double[] last = Streamed(trainer, data.Validation.Select([12]), 1, 1);
        double[] others = Streamed(trainer, data.Validation.Select([.. Enumerable.Range(0, 12)]), 6, 2);
        validation.Loss.ShouldBe(((others.Sum() * 6) + last.Sum()) / 260, 1e-6);
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(7, 19)]
    public void A_training_goes_on_to_the_bit_in_the_middle_of_a_stream(int every, int back)
    {
        Trainer Create() => Start(
            "text: { characters: 3000, window: 20 }", $", truncate: {{ every: {every}, back: {back}, carry: true }}");
        Trainer unbroken = Create(), broken = Create(), resumed = Create();
        unbroken.Take(11);
        broken.Take(6);

        resumed.Restore(broken.Capture());
        resumed.Take(5);

        resumed.Capture().Bits().ShouldBe(unbroken.Capture().Bits());
        resumed.Capture().Memory.Keys.ShouldContain(key => key.StartsWith("carried/", StringComparison.Ordinal));
    }

    [Fact]
    public void A_watch_sees_as_many_lags_as_a_piece_has_and_changes_nothing()
    {
        Trainer watched = Start(Whole, ", truncate: { every: 4, back: 8 }"), unwatched = Start(
            Whole, ", truncate: { every: 4, back: 8 }");
        Run run = TrainingLoop.Run(watched, Trainings.RecorderOf(watched), new LoopOptions { LastStep = 6 });

        run.Frames[0].ThroughTime![0]!.LagNorms.Count(norm => norm is not null).ShouldBe(8);
        run.Header.Structure.Recurrences![0].Window.ShouldBe(8);
        run.Header.Structure.Recurrences[0].Steps.ShouldBe(12);
        unwatched.Take(6);
        watched.Capture().Bits().ShouldBe(unwatched.Capture().Bits());
    }

    [Theory]
    [InlineData(Whole, "{ every: 13 }",
        "an update reads 13 time steps, but a sequence has 12; expected at most as many")]
    [InlineData(Whole, "{ every: 4, carry: true }",
        "'carry' goes on from sample to sample, but those of 'agreement' don't follow each other; expected 'text'")]
    [InlineData("adding: { length: 12, train: 40, test: 10 }", "{ every: 4 }",
        "an update reads a piece of a sequence, but only the last step has an output and a target; expected a net and "
            + "data that have them at every time step, such as 'text'")]
    public void What_cannot_be_cut_into_pieces_is_bad_input(string data, string truncate, string problem) =>
        Should.Throw<InvalidExperimentException>(() => Start(data, $", truncate: {truncate}")).Message
            .ShouldBe($"test.yaml:7: training.truncate: {problem}");

    [Fact]
    public void A_layer_that_reads_from_the_end_too_is_not_read_in_pieces() =>
        Should.Throw<InvalidExperimentException>(() => Trainings.Start(Trainings.Parse($$"""
            name: backwards
            data: { reverse: { train: 40, test: 10, length: 12 } }
            model: [ gru: { out: 4, bidirectional: true }, linear: 8 ]
            loss: cross-entropy
            optimizer: sgd
            training: { steps: 1, truncate: { every: 4 } }
            """))).Message.ShouldContain("'gru-1' reads it from its end too; expected layers that go forward alone");

    /// <summary>The loss at each step of sequences that are read in one pass, the mean over them.</summary>
    private static double[] LossesAtSteps(Trainer trainer, int[] rows)
    {
        Dataset batch = Trainings.DataOf(trainer.Experiment).Train.Select(rows);
        using var tape = new Tape { IsRecording = false };
        Tensor inputs = Tensor.From(batch.Inputs).Reshape(new Shape([batch.Count, .. batch.InputShape]));
        return Means(trainer.Model.Net.Apply(tape.Constant(inputs), Pass.Evaluation).Value, batch.Labels!);
    }

    /// <summary>The same of samples that are so many streams, each read in one pass.</summary>
    private static double[] Streamed(Trainer trainer, Dataset data, int streams, int samples)
    {
        int used = streams * samples * data.InputShape[0];
        Dataset whole = Dataset.ForTokens(
            data.Tokens![..used], data.Labels![..used], used / streams, data.Vocabulary!, data.Separator);
        using var tape = new Tape { IsRecording = false };
        var batches = new Batches(whole, trainer.Experiment.Loss, trainer.Model with { StepsOut = used / streams });
        Variable output = trainer.Model.Net.Apply(
            batches.Inputs(tape, [.. Enumerable.Range(0, streams)]), Pass.Evaluation);
        return Means(output.Value, whole.Labels!);
    }

    private static double[] Means(Tensor output, int[] labels)
    {
        (int n, int steps, int classes) = (output.Shape[0], output.Shape[1], output.Shape[2]);
        double[] means = new double[steps], all = output.ToDoubles();
        for (int i = 0; i < n * steps; i++)
        {
            double[] logits = all[(i * classes)..((i + 1) * classes)];
            means[i % steps] += (Math.Log(logits.Sum(Math.Exp)) - logits[labels[i]]) / n;
        }
        return means;
    }

    private static int[] FirstBatch(Trainer trainer)
    {
        int count = Trainings.DataOf(trainer.Experiment).Train.Count;
        return new RandomKey(trainer.Experiment.Seed, "shuffle").At(0).Permutation(count)[..8];
    }

    private static Trainer Start(string data, string training, string optimizer = "adam: { lr: 0.01 }")
    {
        (string layers, string loss) = data.Split(':')[0] switch
        {
            "text" => ("lstm: 6, linear: 34", "cross-entropy"),
            "adding" => ("lstm: 6, last-step, linear: 1", "mse"),
            _ => ("lstm: 6, linear: 39", "cross-entropy"),
        };
        return Trainings.Start(Trainings.Parse($$"""
            name: pieces
            seed: 2
            data: { {{data}} }
            model: [ {{layers}} ]
            loss: {{loss}}
            optimizer: { {{optimizer}} }
            training: { steps: 40, batch: 8{{training}} }
            """));
    }
}
