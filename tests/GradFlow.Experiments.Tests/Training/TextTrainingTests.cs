using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

public sealed class TextTrainingTests
{
    [Theory]
    [InlineData("[ gru: 8, linear: 34 ]")]
    [InlineData("[ embedding: 8, gru: 8, linear: 34 ]")]
    public void Numbers_of_characters_train_to_the_bits_of_rows_with_a_1(string model)
    {
        Experiment experiment = Text(model);
        DataSplits lean = Trainings.DataOf(experiment);
        Experiment dense = experiment with { Data = new AgreementSpec() };
        DataSplits rows = new(Dense(lean.Train), Dense(lean.Validation), Dense(lean.Test!));

        Trainer ours = new(experiment, lean), theirs = new(dense, rows);

        ours.Take(5).Select(step => step.Loss).ShouldBe(theirs.Take(5).Select(step => step.Loss));
        ours.EvaluateTest()!.Loss.ShouldBe(theirs.EvaluateTest()!.Loss);
        RunHeader header = ours.Describe(DateTimeOffset.UnixEpoch, "test");
        header.Plan.BaselineLoss.ShouldBe(theirs.Describe(DateTimeOffset.UnixEpoch, "test").Plan.BaselineLoss);
        lean.Train.InputMoments.ShouldBe(rows.Train.InputMoments);
    }

    [Fact]
    public void A_run_of_a_text_is_read_in_bits_per_character()
    {
        Trainer trainer = Trainings.Start(Text("[ embedding: 8, gru: 8, linear: 34 ]"));
        Run run = TrainingLoop.Run(trainer, Trainings.RecorderOf(trainer));

        Outcome outcome = Outcome.Of(run);
        outcome.BitsPerCharacter.ShouldBe(outcome.Loss / Math.Log(2));
        outcome.TestBitsPerCharacter.ShouldBe(outcome.TestLoss / Math.Log(2));
        Outcome.Of(run with { Header = run.Header with { Plan = run.Header.Plan with { LossPer = null } } })
            .BitsPerCharacter.ShouldBeNull();
    }

    [Theory]
    [InlineData("[ flatten, embedding: 8, linear: 34 ]",
        "model[1]: 'embedding' looks up one character after the other; take 'flatten' off before it")]
    [InlineData("[ embedding: { out: 8, words: 9 }, gru: 8, linear: 34 ]",
        "model: 'embedding' has 9 words for a text of 34; expected no 'words', or as many")]
    [InlineData("[ gru: 8, linear: 9 ]", "model: the last layer has 9 outputs for 34 classes; expected 34")]
    public void A_net_that_does_not_fit_the_text_is_bad_input(string model, string problem) =>
        Should.Throw<InvalidExperimentException>(() => Trainings.Start(Text(model))).Message
            .ShouldBe($"test.yaml:4: {problem}");

    private static Experiment Text(string model) => Trainings.Parse($$"""
        name: text
        seed: 1
        data: { text: { characters: 4000, window: 12 } }
        model: {{model}}
        loss: cross-entropy
        optimizer: { adam: { lr: 0.01 } }
        training: { steps: 5, batch: 16 }
        """);

    private static Dataset Dense(Dataset text)
    {
        float[] inputs = new float[text.Count * text.Features];
        for (int i = 0; i < text.Tokens!.Length; i++) inputs[(i * text.Classes) + text.Tokens[i]] = 1;
        return Dataset.ForClasses(inputs, text.InputShape, text.Labels!, text.Classes, null, text.Vocabulary);
    }
}
