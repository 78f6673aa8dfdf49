using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

public sealed class EmbeddingLayerTests
{
    /// <summary>
    /// Which of three groups a word is of, told by its number alone: no line through the numbers does.
    /// </summary>
    private static readonly int[] Groups = [2, 0, 1, 1, 0, 2, 0, 1, 2, 0];

    private static readonly Experiment Sentences = Trainings.OfModel("[ embedding: 6, rnn: 8, linear: 39 ]") with
    {
        Data = new AgreementSpec { Train = 100, Test = 10, Distance = 8 },
    };

    [Fact]
    public void One_hot_words_become_vectors_and_learn()
    {
        Trainer trainer = Trainings.Start(Sentences);
        trainer.Model.Net.AllParameters()[0].Value.Shape.ShouldBe(new Tensors.Shape(39, 6));
        List<StepRecord> steps = trainer.Take(20);
        steps[^1].Loss.ShouldBeLessThan(steps[0].Loss);
    }

    [Theory]
    [InlineData("agreement: { train: 60, test: 10, distance: [8, 12] }", 39)]
    [InlineData("reber: { train: 60, test: 10 }", 7)]
    [InlineData("copy: { train: 60, test: 10, length: [5, 9] }", 9)]
    [InlineData("temporal-order: { train: 60, test: 10, length: [20, 30] }", 4)]
    public void Padding_behind_shorter_sequences_is_no_word(string data, int classes)
    {
        string last = data.StartsWith("temporal", StringComparison.Ordinal) ? "last-step: {}, " : "";
        Trainer trainer = Trainings.Start(Trainings.Parse($$"""
            name: words
            data: { {{data}} }
            model: [ embedding: 6, rnn: 8, {{last}}linear: {{classes}} ]
            loss: cross-entropy
            optimizer: { adam: { lr: 0.01 } }
            training: { steps: 20, batch: 16 }
            """));
        List<StepRecord> steps = trainer.Take(20);
        steps[^1].Loss.ShouldBeLessThan(steps[0].Loss);
    }

    [Fact]
    public void Words_by_their_numbers_are_looked_up()
    {
        Trainer trainer = Numbers("[ embedding: { out: 6, words: 10 }, flatten, linear: 3 ]", words: 10);
        trainer.Take(300)[^1].Loss.ShouldBeLessThan(0.1);
        trainer.EvaluateValidation().Metric.ShouldBe(1);
    }

    [Fact]
    public void Numbers_of_words_have_no_scale_that_a_rule_could_judge()
    {
        Trainer trainer = Numbers("[ embedding: { out: 6, words: 10 }, flatten, linear: 3 ]", words: 10);
        trainer.Describe(DateTimeOffset.UnixEpoch, "test").Plan.InputRms.ShouldBeNull();
        Trainings.Start(Sentences).Describe(DateTimeOffset.UnixEpoch, "test").Plan.InputRms.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("[ embedding: 6, rnn: 8, linear: 39 ]")]
    [InlineData("[ embedding: { out: 6, init: { uniform: 0.5 } }, rnn: 8, linear: 39 ]")]
    public void The_forecast_knows_the_size_of_the_vectors(string model)
    {
        Trainer trainer = Trainings.Start(Sentences with { Model = Trainings.OfModel(model).Model });
        RunRecorder recorder = Trainings.RecorderOf(trainer);
        Forecast forecast = trainer.Forecast(recorder.Current.Header.Structure);
        recorder.Set(forecast);
        Frame first = TrainingLoop.Run(trainer, recorder, new LoopOptions { LastStep = 1 }).Frames[0];
        // 39 words of 6 numbers each, of which some occur often: a few per cent at best.
        first.Forward!.Rms![0]!.Value.ShouldBe(forecast.SignalRms[0]!.Value, 0.25 * forecast.SignalRms[0]!.Value);
    }

    [Fact]
    public void What_is_no_word_is_bad_input()
    {
        Message(() => Numbers("[ embedding: { out: 6, words: 9 }, flatten, linear: 3 ]", words: 10)).ShouldBe(
            "test.yaml:4: model: 'embedding' looks up words by their numbers, but the data has 9; expected whole "
            + "numbers from 0 to 8, left as they are by 'scale: none'");
        Message(() => Trainings.Start(Trainings.OfModel("[ embedding: 6, linear: 3 ]"))).ShouldContain(
            "the data has no one-hot rows; expected a task of words, such as 'agreement'");
        Message(() => Trainings.Start(Trainings.OfModel("[ linear: 4, embedding: 6, linear: 3 ]"))).ShouldContain(
            "model[1]: 'embedding' looks up the data's words; expected no layer but 'flatten' before it");
        Message(() => Trainings.Start(Sentences with { Data = new StrokesSpec { Train = 20, Test = 10, Size = 8 } }))
            .ShouldContain("put 'flatten' before it");
    }

    private static Trainer Numbers(string model, int words)
    {
        float[] inputs = [.. Enumerable.Range(0, 200).Select(i => (float)(i % words))];
        Dataset data = Dataset.ForClasses(inputs, [1], [.. inputs.Select(word => Groups[(int)word])], 3);
        return new Trainer(
            Trainings.OfModel(model, "{ steps: 300, batch: 50 }"), new DataSplits(data, data, null), "test.yaml");
    }

    private static string Message(Func<Trainer> build) => Should.Throw<InvalidExperimentException>(build).Message;
}
