namespace GradFlow.Experiments.Tests;

public sealed class ReaderTests
{
    [Fact]
    public void A_file_becomes_records_with_defaults_and_shorthands()
    {
        Experiment experiment = ExperimentFile.Parse(Samples.Small, "small.yaml");

        experiment.ShouldBe(new Experiment
        {
            Name = "small",
            Seed = 7,
            Data = new StrokesSpec { Train = 100, Test = 50 },
            Model =
            [
                new FlattenSpec(),
                new LinearSpec { Out = 64, Init = new NormalInitSpec { Std = 0.1 }, Bias = new ZerosInitSpec() },
                new SigmoidSpec(),
                new RepeatSpec { Times = 9, Layers = [new LinearSpec { Out = 64 }, new SigmoidSpec()] },
                new LinearSpec { Out = 10 },
            ],
            Loss = new CrossEntropySpec(),
            Optimizer = new SgdSpec { LearningRate = 0.1, Momentum = 0.9 },
            Training = new TrainingSpec { Epochs = 3, Batch = 64, Clip = new ClipNormSpec { Max = 1 } },
        });
    }

    [Fact]
    public void Json_is_read_as_well()
    {
        const string json = """
            { "name": "j", "data": { "circles": { "samples": 100 } },
              "model": [ { "linear": { "out": 4, "bias": false } }, "relu", { "linear": 1 } ],
              "loss": "binary-cross-entropy", "optimizer": "adam", "training": { "steps": 10 } }
            """;

        Experiment experiment = ExperimentFile.Parse(json, "j.json");

        experiment.Model[0].ShouldBe(new LinearSpec { Out = 4, Bias = null });
        experiment.Optimizer.ShouldBe(new AdamSpec());
    }

    [Fact]
    public void Recurrent_layers_and_their_truncation_are_read()
    {
        const string text = """
            name: r
            data: adding
            model:
              - rnn: 64
              - rnn: { out: 8, activation: relu, init: { normal: 0.01 }, recurrent-init: identity, bias: zeros }
              - irnn: 32
              - lstm: { out: 16, recurrent-init: orthogonal, forget-bias: 1 }
              - gru: { out: 16, update-bias: -1, bias: { normal: 0.1 } }
              - last-step
              - linear: 1
            loss: mse
            optimizer: adam
            training: { steps: 10, truncate: 20 }
            """;

        Experiment experiment = ExperimentFile.Parse(text, "f");

        experiment.Training.ShouldBe(new TrainingSpec { Steps = 10, Truncate = new() { Window = 20 } });
        experiment.Model.ShouldBe(
        [
            new RnnSpec
            {
                Out = 64,
                Activation = RecurrentActivation.Tanh,
                Init = new TorchInitSpec(),
                RecurrentInit = new TorchInitSpec(),
                Bias = new TorchInitSpec(),
            },
            new RnnSpec
            {
                Out = 8,
                Activation = RecurrentActivation.Relu,
                Init = new NormalInitSpec { Std = 0.01 },
                RecurrentInit = new IdentityInitSpec(),
                Bias = new ZerosInitSpec(),
            },
            new IrnnSpec { Out = 32, Init = new NormalInitSpec { Std = 0.001 } },
            new LstmSpec { Out = 16, RecurrentInit = new OrthogonalInitSpec(), ForgetBias = 1 },
            new GruSpec { Out = 16, UpdateBias = -1, Bias = new NormalInitSpec { Std = 0.1 } },
            new LastStepSpec(),
            new LinearSpec { Out = 1 },
        ]);
    }

    [Theory]
    [InlineData("bias: none", null)]
    [InlineData("bias: false", null)]
    [InlineData("bias: zeros", "zeros")]
    [InlineData("bias: { constant: 2 }", "constant: 2")]
    public void A_bias_can_be_left_out(string bias, string? expected)
    {
        Experiment experiment = ExperimentFile.Parse(Samples.With("model: [ { linear: { out: 2, " + bias + " } } ]")
            .Replace("  - ", "# "), "f");

        ((LinearSpec)experiment.Model[0]).Bias?.ToYaml().ShouldBe(expected);
    }

    [Fact]
    public void Entries_tell_their_name_and_their_text()
    {
        new LeakyReluSpec().EntryName.ShouldBe("leaky-relu");
        new HeNormalInitSpec().ToYaml().ShouldBe("he-normal");
        new NormalInitSpec { Std = 0.1 }.ToYaml().ShouldBe("normal: 0.1");
        new SgdSpec { LearningRate = 0.1, Momentum = 0.9 }.ToYaml().ShouldBe("sgd: { lr: 0.1, momentum: 0.9 }");
    }

    [Fact]
    public void Every_experiment_reads_back_as_written()
    {
        Experiment small = ExperimentFile.Parse(Samples.Small, "f");

        ExperimentFile.Parse(ExperimentFile.Write(small), "f").ShouldBe(small);
        foreach (Experiment experiment in Samples.Recipes.Append(Samples.Everything))
            ExperimentFile.Parse(ExperimentFile.Write(experiment), "f").ShouldBe(experiment);
    }

    [Fact]
    public void Written_files_are_pleasant_to_read()
    {
        ExperimentFile.Write(ExperimentFile.Parse(Samples.Small, "f")).ShouldBe("""
            name: small
            seed: 7
            data: { strokes: { train: 100, test: 50, size: 16 } }
            model:
              - flatten
              - linear: { out: 64, init: { normal: 0.1 }, bias: zeros }
              - sigmoid
              - repeat:
                  times: 9
                  layers:
                    - linear: { out: 64, init: torch }
                    - sigmoid
              - linear: { out: 10, init: torch }
            loss: cross-entropy
            optimizer: { sgd: { lr: 0.1, momentum: 0.9 } }
            training: { epochs: 3, batch: 64, validation: 0.1, clip: { norm: 1 } }

            """);
    }

    [Fact]
    public void Paths_lead_to_the_same_place_from_another_folder()
    {
        Experiment experiment = Samples.Everything with { Data = new MnistSpec { Path = "../data/mnist" } };

        Experiment moved = ExperimentFile.Rebase(experiment, "/a/examples", "/a/runs/1");

        ((MnistSpec)moved.Data).Path.ShouldBe("../../data/mnist");
        ExperimentFile.Rebase(moved, "/a/runs/1", "/a/examples").ShouldBe(experiment);
    }
}
