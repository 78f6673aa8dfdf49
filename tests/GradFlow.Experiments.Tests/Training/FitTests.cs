using GradFlow.Nn;

namespace GradFlow.Experiments.Tests.Training;

public sealed class FitTests
{
    [Theory]
    [InlineData("[ linear: 8, relu, linear: 4 ]",
        "test.yaml:4: model: the last layer has 4 outputs for 3 classes; expected 3")]
    [InlineData("[ tanh ]", "test.yaml:4: model: the last layer has 2 outputs for 3 classes; expected 3")]
    [InlineData("[ linear: 8, residual: [ linear: 4, relu ], linear: 3 ]",
        "test.yaml:4: model[1]: 'residual' adds 8 inputs to a branch of 4 outputs; expected as many of both")]
    [InlineData(
        "[ linear: 8, repeat: { times: 2, layers: [ relu, residual: [ linear: 4, residual: [ linear: 2 ] ] ] }, "
            + "linear: 3 ]",
        "test.yaml:4: model[1].repeat.layers[1].residual.layers[1]: 'residual' adds 4 inputs to a branch of 2 outputs; "
            + "expected as many of both")]
    [InlineData("[ linear: 8, residual: { layers: [ linear: 4 ], shortcut: zero-padding }, linear: 3 ]",
        "test.yaml:4: model[1]: 'zero-padding' makes 4 of 8, but can only add; expected 'shortcut: projection'")]
    [InlineData(
        "[ linear: 8, residual: { layers: [ linear: 4 ], shortcut: projection, shortcut-init: lsuv }, linear: 3 ]",
        "test.yaml:4: model[1]: 'lsuv' is for 'linear' and convolutions; expected another initialisation")]
    [InlineData("[ linear: 8, fixup: [ linear: 4, relu ], linear: 3 ]",
        "test.yaml:4: model[1]: 'fixup' adds 8 inputs to a branch of 4 outputs; expected as many of both")]
    [InlineData("[ linear: 8, fixup: [ linear: { out: 8, weight-norm: true } ], linear: 3 ]",
        "test.yaml:4: model[1]: 'fixup' scales the weights of its branch itself; take 'weight-norm' off its layers")]
    [InlineData("[ linear: { out: 3, init: critical, bias: zeros }, exponential ]",
        "test.yaml:4: model[0]: no scale of 'critical' weights lets both signal and gradient keep their size through "
            + "'exponential' with such biases; expected another 'init'")]
    [InlineData("[ linear: 8, group-norm: 3, linear: 3 ]",
        "test.yaml:4: model[1]: 'group-norm' parts 8 features into 3 groups of equal size; expected a divisor")]
    [InlineData("[ linear: { out: 3, init: zeros, weight-norm: true } ]",
        "test.yaml:4: model[0]: 'weight-norm' keeps the direction of each unit's weights, but weights of 0 have none; "
            + "expected another 'init'")]
    [InlineData("[ linear: 100000, linear: 3000, linear: 3 ]",
        "test.yaml:4: 'model' has 300,009,000 weights; at most 250,000,000 can be trained")]
    public void A_net_that_does_not_fit_is_refused_where_it_does_not(string model, string problem) =>
        Refusal(() => Trainings.Start(Trainings.OfModel(model))).ShouldBe(problem);

    [Theory]
    [InlineData("[ linear: 10 ]", "model[0]: linear gets samples of shape 1×16×16; put 'flatten' before it")]
    [InlineData("[ relu ]", "model: the loss gets samples of shape 1×16×16; put 'flatten' before it")]
    [InlineData("[ residual: [ flatten ] ]",
        "model[0]: 'residual' adds samples of shape 1×16×16 to a branch of shape 256; expected the same shape")]
    [InlineData("[ residual: { layers: [ flatten ], shortcut: projection } ]",
        "model[0]: 'residual' has a shortcut from samples of shape 1×16×16 to 256; expected as many time steps, or an "
            + "image whose sides shrink by the same stride")]
    [InlineData("[ dense-concat: [ flatten ] ]",
        "model[0]: 'dense-concat' puts a branch of shape 256 beside samples of shape 1×16×16; "
            + "expected shapes that differ in channels alone")]
    [InlineData("[ layer-norm, flatten, linear: 10 ]",
        "model[0]: layer-norm gets samples of shape 1×16×16; put 'flatten' before it")]
    public void Images_must_be_flattened(string model, string problem) =>
        Refusal(() => Trainings.Start(
            Trainings.OfModel(model) with { Data = new StrokesSpec { Train = 20, Test = 10 } }))
            .ShouldBe($"test.yaml:4: {problem}");

    [Fact]
    public void Weights_are_counted_from_the_input_on() =>
        Refusal(() => ModelBuilder.Build(Trainings.OfModel("[ flatten, linear: 100000 ]"), [64, 64], "test.yaml"))
            .ShouldBe("test.yaml:4: model[1]: 409,600,000 weights up to here; at most 250,000,000 can be trained");

    [Fact]
    public void A_net_without_weights_has_nothing_to_train() =>
        Refusal(() => Trainings.Start(Trainings.OfModel("[ tanh ]") with { Data = new CirclesSpec() }))
            .ShouldBe("test.yaml:4: model: has nothing to train; expected a layer with weights, such as 'linear'");

    [Fact]
    public void Batch_norm_needs_two_samples_to_compare()
    {
        const string expected = "test.yaml:7: training.batch: 'batch-norm' needs 2 samples per step to compare; "
            + "expected a batch of at least 2, got 1";
        const string model = "[ repeat: { times: 2, layers: [ residual: [ batch-norm ] ] }, linear: 3 ]";
        Refusal(() => Trainings.Start(Trainings.OfModel(model, "{ steps: 5, batch: 1 }"))).ShouldBe(expected);
    }

    [Fact]
    public void A_split_that_leaves_one_sample_is_refused() =>
        Refusal(() => Trainings.Start(Trainings.OfModel("[ linear: 3 ]", "{ steps: 5, validation: 0.9999 }")))
            .ShouldBe("test.yaml:7: training.validation: 0.9999 leaves 1 sample to train on; expected at least 2");

    [Fact]
    public void A_net_that_does_not_fit_is_named_by_its_layer_s_line()
    {
        const string text =
            "name: n\ndata: circles\nloss: cross-entropy\noptimizer: sgd\ntraining: { steps: 5 }\nmodel:\n";
        string Refused(string model) => Refusal(() => Trainings.Start(Trainings.Parse(text + model)));

        Refused("- linear: 8\n- residual:\n    layers:\n    - linear: 4\n    - relu\n- linear: 2\n").ShouldStartWith(
            "test.yaml:8: model[1]: 'residual' adds 8 inputs");
        Refused("- linear: 8\n- relu\n- linear:\n    out: 1\n").ShouldBe(
            "test.yaml:9: model: the last layer has 1 output for 2 classes; expected 2");
    }

    [Fact]
    public void A_key_of_the_training_is_named_by_its_line_or_by_that_of_the_map()
    {
        const string batch = "\n  steps: 5\n\n  batch: 1", validation = "\n  steps: 5\n  validation: 0.9999";
        Refusal(() => Trainings.Start(Trainings.OfModel("[ batch-norm, linear: 3 ]", batch)))
            .ShouldStartWith("test.yaml:10: training.batch: 'batch-norm' needs 2 samples");
        Refusal(() => Trainings.Start(Trainings.OfModel("[ linear: 3 ]", validation)))
            .ShouldStartWith("test.yaml:9: training.validation: 0.9999 leaves 1 sample");

        TrainingSpec brief = Trainings.OfModel("[ linear: 3 ]", "\n\n  steps: 5").Training;
        brief.Lines.Of("batch").ShouldBe(brief.Lines.Map);
        brief.Lines.Map.ShouldNotBeNull();
        (brief with { Lines = default }).ShouldBe(brief);
    }

    [Fact]
    public void Where_a_layer_was_read_is_no_part_of_it()
    {
        Experiment near = Trainings.OfModel("[ linear: 3 ]");
        Experiment far = Trainings.Parse("\n\n" + ExperimentFile.Write(near));

        far.ShouldBe(near);
        far.GetHashCode().ShouldBe(near.GetHashCode());
    }

    [Fact]
    public void A_step_that_no_memory_holds_is_refused() =>
        Refusal(() => Trainings.Start(Trainings.OfModel(
                "[ repeat: { times: 400, layers: [ linear: 500, relu ] }, linear: 3 ]",
                "{ steps: 5, batch: 100000 }") with
        {
            Data = new BlobsSpec { Samples = 3000 },
        }))
            .ShouldBe("test.yaml:7: training.batch: a step of 2,160 samples makes 864,006,480 numbers; "
                + "at most 500,000,000 can be held");

    [Fact]
    public void Segments_let_a_step_hold_more()
    {
        // 29 segments of 28 layers, of 500 numbers each; of the last, which has 17 layers, 3 come out.
        Trainer trainer = Trainings.Start(Trainings.OfModel(
            "[ repeat: { times: 400, layers: [ linear: 500, relu ] }, linear: 3 ]",
            "{ steps: 5, batch: 16, activation-checkpointing: sqrt }"));
        trainer.Model.Units.ShouldBe((28 * 500) + (28 * 500) + 3);
    }

    [Fact]
    public void Epochs_beyond_counting_are_refused() =>
        Refusal(() => Trainings.Start(Trainings.OfModel("[ linear: 3 ]", "{ epochs: 1000000, batch: 1 }") with
        {
            Data = new BlobsSpec { Samples = 3000 },
        }))
            .ShouldBe(
                "test.yaml:7: training.epochs: 1,000,000 epochs are 2,160,000,000 steps; "
                + "expected at most 1,000,000,000");

    [Fact]
    public void A_loss_of_classes_needs_classes()
    {
        Dataset numbers = Dataset.ForRegression([1, 2, 3, 4], [2], [0.5f, 3], 1);
        string Refused(LossSpec loss, string model) => Refusal(() => new Trainer(
            Trainings.OfModel(model) with { Loss = loss }, new DataSplits(numbers, numbers, null), "test.yaml"));
        Refused(new CrossEntropySpec(), "[ linear: 1 ]").ShouldBe("test.yaml: loss: 'cross-entropy' compares with "
            + "classes, but the data has numbers to predict; expected 'mse'");
        Refused(new BinaryCrossEntropySpec(), "[ linear: 1 ]").ShouldBe("test.yaml: loss: 'binary-cross-entropy' "
            + "compares with numbers from 0 to 1, but the data has others; expected 'mse'");
        Refused(new MseSpec(), "[ linear: 2 ]").ShouldBe(
            "test.yaml:4: model: the last layer has 2 outputs for 1 number to predict; expected 1");
    }

    [Fact]
    public void One_output_tells_two_classes_apart_and_no_more()
    {
        Experiment experiment = Trainings.OfModel("[ linear: 1 ]") with { Loss = new BinaryCrossEntropySpec() };
        Trainings.Start(experiment with { Data = new CirclesSpec() }).Model.Outputs.ShouldBe(1);
        Refusal(() => Trainings.Start(experiment)).ShouldBe(
            "test.yaml:4: model: one output can't tell 3 classes apart; expected 3 outputs");
    }

    [Fact]
    public void Every_layer_that_a_file_can_name_is_built()
    {
        LayerSpec[] others = [.. Samples.Recurrent, .. Samples.Embeddings, .. Samples.Sliding, new FlattenSpec(),
            new LastStepSpec()];
        foreach (LayerSpec layer in Samples.Everything.Model.Except(others))
        {
            Experiment experiment = Trainings.OfModel("[ linear: 8, linear: 3 ]") with
            {
                Model = [new LinearSpec { Out = 8 }, layer, new LinearSpec { Out = 3 }],
            };
            Module net = Trainings.Start(experiment).Model.Net;
            net.SelfAndDescendants().Select(module => module.Name).ShouldBeUnique();
        }
    }

    private static string Refusal(Func<object> build)
    {
        string message = Should.Throw<InvalidExperimentException>(build).Message;
        message.ShouldNotContain('\n');
        return message;
    }
}
