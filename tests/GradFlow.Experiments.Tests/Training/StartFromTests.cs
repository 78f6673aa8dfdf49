using GradFlow.Runs;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>Trainings that begin with the weights of another.</summary>
public sealed class StartFromTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public void A_net_that_knows_short_sentences_learns_long_ones_sooner()
    {
        Trainer shorter = Start(Sentences(8), 300);
        shorter.Take(300);
        shorter.EvaluateTest()!.Metric!.Value.ShouldBeGreaterThan(0.95);
        Checkpoints.Save(RunFolder.At(_folder).Checkpoint, shorter.Capture());

        Trainer tuned = Start(Sentences(16), 60, $", start-from: {_folder}"), anew = Start(Sentences(16), 60);
        tuned.Take(60);
        anew.Take(60);

        // 100 sentences of two languages: three standard errors of a guess are 0.15.
        tuned.EvaluateTest()!.Metric!.Value.ShouldBeGreaterThan(0.8);
        anew.EvaluateTest()!.Metric!.Value.ShouldBeLessThan(0.65);
    }

    [Fact]
    public void What_the_run_lacks_is_drawn_and_said()
    {
        Trainer first = Start(Sentences(8), 3);
        first.Take(3);
        string checkpoint = Path.Combine(_folder, "own.safetensors");
        Checkpoints.Save(checkpoint, first.Capture());

        Experiment deeper = Parse(Sentences(8), 3, ", start-from: own.safetensors", "lstm: 24, gru: 24, linear: 33");
        Trainer trainer = new(deeper, Trainings.DataOf(deeper), Path.Combine(_folder, "deeper.yaml"));

        trainer.Capture().Tensors["lstm-1.weight"].ToDoubles()
            .ShouldBe(first.Capture().Tensors["lstm-1.weight"].ToDoubles());
        trainer.Remarks.ShouldBe(
            [$"{Path.Combine(_folder, "deeper.yaml")}:7: training.start-from lacks gru-1.weight, "
                + "gru-1.recurrent-weight, gru-1.bias, …: 4 tensors of this net begin as drawn"]);
    }

    [Fact]
    public void A_head_for_another_task_is_drawn_and_said()
    {
        Trainer words = Start(Sentences(8), 3);
        words.Take(3);
        Checkpoints.Save(RunFolder.At(_folder).Checkpoint, words.Capture());
        string language = Sentences(8)
            .Replace("languages: 2", "languages: 2, predict: language", StringComparison.Ordinal);
        const string layers = "lstm: 24, last-step: {}, linear: 2";

        TrainingState tuned = Trainings.Start(Parse(language, 3, $", start-from: {_folder}", layers)).Capture();
        TrainingState drawn = Trainings.Start(Parse(language, 3, "", layers)).Capture();

        Numbers(tuned, "lstm-1.weight").ShouldBe(Numbers(words.Capture(), "lstm-1.weight"));
        Numbers(tuned, "linear-1.weight").ShouldBe(Numbers(drawn, "linear-1.weight"));
        Trainings.Start(Parse(language, 3, $", start-from: {_folder}", layers)).Remarks.ShouldBe(
            ["test.yaml:7: training.start-from has a last layer of another shape: linear-1.weight, linear-1.bias: "
                + "2 tensors of this net begin as drawn"]);

        static double[] Numbers(TrainingState state, string name) => state.Tensors[name].ToDoubles();
    }

    [Fact]
    public void Weights_that_do_not_fit_are_bad_input()
    {
        Refused(", start-from: nowhere", "no such file: nowhere; expected the folder of a run of gradflow train");
        string broken = Path.Combine(_folder, "broken.safetensors");
        File.WriteAllText(broken, "no checkpoint");
        Refused($", start-from: {broken}", "broken.safetensors");
        string own = Path.Combine(_folder, "own.safetensors");
        Checkpoints.Save(own, Start(Sentences(8), 3).Capture());
        Refused($", start-from: {own}", "has 'lstm-1.weight' of shape [96, 33], and this net [32, 33]; "
            + "expected the same");
        Refused($", start-from: {own}", "has none of this net's weights", "gru: 8, conv1d: { out: 33, kernel: 1 }");
    }

    [Fact]
    public void The_path_of_the_weights_moves_with_the_file()
    {
        Experiment moved = ExperimentFile.Rebase(Parse(Sentences(8), 3, ", start-from: ../a"), "/x/y", "/x/z/w");
        moved.Training.StartFrom.ShouldBe("../../a");
        ExperimentFile.Parse(ExperimentFile.Write(moved), "moved.yaml").ShouldBe(moved);
    }

    private static void Refused(string start, string problem, string layers = "lstm: 8, linear: 33")
    {
        Experiment experiment = Parse(Sentences(8), 3, start, layers);
        string message = Should.Throw<InvalidExperimentException>(() => Trainings.Start(experiment)).Message;
        message.ShouldStartWith("test.yaml:7: training.start-from: ");
        message.ShouldContain(problem);
    }

    private static string Sentences(int distance) =>
        $"agreement: {{ distance: {distance}, languages: 2, train: 600, test: 100 }}";

    private static Trainer Start(string data, int steps, string more = "") =>
        Trainings.Start(Parse(data, steps, more));

    private static Experiment Parse(string data, int steps, string more = "", string layers = "lstm: 24, linear: 33") =>
        Trainings.Parse($$"""
            name: tuned
            seed: 1
            data: { {{data}} }
            model: [ {{layers}} ]
            loss: cross-entropy
            optimizer: { adam: { lr: 0.02 } }
            training: { steps: {{steps}}, batch: 16{{more}} }
            """);
}
