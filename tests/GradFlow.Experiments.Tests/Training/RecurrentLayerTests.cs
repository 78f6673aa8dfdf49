using GradFlow.Flow;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Experiments.Tests.Training;

/// <summary>Recurrent layers of an experiment file: their draws, what they refuse, and their training.</summary>
public sealed class RecurrentLayerTests : IDisposable
{
    private const int Steps = 12;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gradflow-");

    public static TheoryData<string> Nets =>
    [
        "[ rnn: 8, linear: 39 ]", "[ irnn: 8, linear: 39 ]", "[ lstm: { out: 8, forget-bias: 1 }, linear: 39 ]",
        "[ gru: 8, last-step, linear: 39 ]", "[ lstm: 8, dropout: 0.2, layer-norm, gru: 6, linear: 39 ]",
    ];

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>PyTorch draws weights and biases of recurrent layers from U(±1/√units), whatever comes in.</summary>
    [Theory]
    [InlineData("rnn", 1)]
    [InlineData("lstm", 4)]
    [InlineData("gru", 3)]
    public void Default_draws_are_those_of_PyTorch(string type, int gates)
    {
        const int Units = 25, Inputs = 100;
        double bound = 1 / Math.Sqrt(Units);
        RecurrentParameters parameters = Parameters($"{type}: {Units}", Inputs);

        parameters.Weight.Value.Shape.ShouldBe(new Shape(gates * Units, Inputs));
        parameters.RecurrentWeight.Value.Shape.ShouldBe(new Shape(gates * Units, Units));
        parameters.All.Count.ShouldBe(4);
        foreach (Tensor tensor in parameters.All.Select(parameter => parameter.Value))
        {
            double[] draws = tensor.ToDoubles();
            draws.ShouldAllBe(draw => Math.Abs(draw) <= (float)bound);
            // The squares of U(±a) have mean a²/3 and standard deviation a²·√(4/45).
            double standardError = bound * bound * Math.Sqrt(4 / 45.0 / draws.Length);
            draws.Average(draw => draw * draw).ShouldBe(bound * bound / 3, 4 * standardError);
        }
        parameters.All.Select(p => string.Join(' ', p.Value.ToDoubles().Take(3))).ShouldBeUnique();
    }

    [Theory]
    [InlineData("rnn", 1)]
    [InlineData("lstm", 4)]
    [InlineData("gru", 3)]
    public void Orthogonal_recurrent_weights_are_so_for_each_gate_on_its_own(string type, int gates)
    {
        const int Units = 9;
        Tensor weight = Parameters($"{type}: {{ out: {Units}, recurrent-init: orthogonal }}").RecurrentWeight.Value;
        var first = new List<double>();
        for (int gate = 0; gate < gates; gate++)
        {
            Tensor own = weight.Slice(0, gate * Units, Units).Clone(ElementType.Float64);
            first.Add(own[[0, 0]]);
            Gram(own).ShouldBe(Eye(Units), 1e-6);
        }
        first.ShouldBeUnique("each gate has draws of its own");
    }

    [Fact]
    public void Identity_weights_are_so_for_each_gate_on_its_own()
    {
        const int Units = 4;
        Tensor weight = Parameters($"lstm: {{ out: {Units}, recurrent-init: identity }}").RecurrentWeight.Value;
        for (int gate = 0; gate < Lstm.Gates; gate++)
            weight.Slice(0, gate * Units, Units).Clone().ToDoubles().ShouldBe(Eye(Units));
    }

    /// <summary>The forget gate is the second of i, f, g, o; the update gate the second of r, z, n.</summary>
    [Theory]
    [InlineData("lstm", "forget-bias")]
    [InlineData("gru", "update-bias")]
    public void A_gate_s_bias_sets_that_gate_and_leaves_all_else_as_drawn(string type, string key)
    {
        const int Units = 5;
        RecurrentParameters drawn = Parameters($"{type}: {Units}");
        RecurrentParameters set = Parameters($"{type}: {{ out: {Units}, {key}: 1.5 }}");

        Expect(set.Bias!.Value, drawn.Bias!.Value, 1.5);
        Expect(set.RecurrentBias!.Value, drawn.RecurrentBias!.Value, 0);
        set.Weight.Value.ToDoubles().ShouldBe(drawn.Weight.Value.ToDoubles());
        set.RecurrentWeight.Value.ToDoubles().ShouldBe(drawn.RecurrentWeight.Value.ToDoubles());

        static void Expect(Tensor actual, Tensor before, double gate)
        {
            double[] expected = before.ToDoubles();
            Array.Fill(expected, gate, Units, Units);
            actual.ToDoubles().ShouldBe(expected);
        }
    }

    [Fact]
    public void An_irnn_begins_by_keeping_its_state()
    {
        var layer = (Rnn)Layer("irnn: 30", 40);
        double[] weight = layer.Parameters.Weight.Value.ToDoubles();
        double standardError = 1e-6 * Math.Sqrt(2.0 / weight.Length);

        (layer.Type, layer.Activation!.Type).ShouldBe(("irnn", "relu"));
        layer.Parameters.RecurrentWeight.Value.ToDoubles().ShouldBe(Eye(30));
        layer.Parameters.Bias!.Value.ToDoubles().ShouldAllBe(bias => bias == 0);
        layer.Parameters.RecurrentBias!.Value.ToDoubles().ShouldAllBe(bias => bias == 0);
        weight.Average(w => w * w).ShouldBe(1e-6, 4 * standardError);
    }

    [Fact]
    public void Every_recurrent_layer_that_a_file_can_name_is_built()
    {
        foreach (LayerSpec spec in Samples.Recurrent)
        {
            Module layer = Trainings.Start(Experiment("[ linear: 39 ]") with
            {
                Model = [spec, new LinearSpec { Out = 39 }],
                Training = new TrainingSpec { Steps = 2, Batch = 8, Truncate = 3 },
            }).Model.Net.Children[0];
            layer.Type.ShouldBe(spec.EntryName);
            layer.OwnParameters.Count.ShouldBe(spec is RecurrentSpec { Bias: null } ? 2 : 4);
            ((Recurrent)layer).Window.ShouldBe(3);
        }
    }

    [Theory]
    [InlineData("[ lstm: 4, linear: 3 ]", "model[0]: 'lstm' reads sequences, but gets samples of shape 2")]
    [InlineData("[ linear: 3, irnn: 4 ]", "model[1]: 'irnn' reads sequences, but gets samples of shape 3")]
    [InlineData("[ last-step, linear: 3 ]", "model[0]: 'last-step' reads sequences, but gets samples of shape 2")]
    public void Data_without_time_steps_is_refused(string model, string problem) =>
        Refusal(Trainings.OfModel(model)).ShouldBe(
            $"test.yaml:4: {problem}; expected data such as 'agreement', and no 'last-step' or 'flatten' before it");

    [Theory]
    [InlineData("[ rnn: 4, last-step, gru: 4 ]", "model[2]: 'gru' reads sequences, but gets samples of shape 4")]
    [InlineData("[ rnn: 4, last-step, last-step ]",
        "model[2]: 'last-step' reads sequences, but gets samples of shape 4")]
    public void Nothing_reads_a_sequence_behind_its_last_step(string model, string problem) =>
        Refusal(Experiment(model)).ShouldBe(
            $"test.yaml:4: {problem}; expected data such as 'agreement', and no 'last-step' or 'flatten' before it");

    [Fact]
    public void A_branch_that_drops_the_time_steps_is_refused() =>
        Refusal(Experiment("[ rnn: 4, residual: [ gru: 4, last-step ], linear: 39 ]")).ShouldBe(
            "test.yaml:4: model[1]: 'residual' adds a sequence to a branch without time steps; "
                + "put 'last-step' or 'flatten' before or after the block");

    [Theory]
    [MemberData(nameof(Nets))]
    public void Watching_changes_no_bit(string model)
    {
        Trainer alone = Trainings.Start(Experiment(model)), watched = Trainings.Start(Experiment(model));
        RunStructure structure = Trainings.RecorderOf(watched).Current.Header.Structure;
        var always = new WatchOptions { Budget = 1, MaxInterval = 1 };
        watched.Watch = new NetWatch(watched.Model.Net, structure, 16, always);
        watched.Take(Steps).ShouldBe(alone.Take(Steps));
        watched.Capture().Bits().ShouldBe(alone.Capture().Bits());
    }

    [Theory]
    [MemberData(nameof(Nets))]
    public void A_restored_training_goes_on_as_if_unbroken(string model)
    {
        const int Pause = 5;
        Trainer unbroken = Trainings.Start(Experiment(model)), first = Trainings.Start(Experiment(model));
        List<StepRecord> expected = unbroken.Take(Steps);
        first.Take(Pause);
        string file = Path.Combine(_folder.FullName, "state.safetensors");
        Checkpoints.Save(file, first.Capture());

        Trainer second = Trainings.Start(Experiment(model));
        second.Take(3);
        second.Restore(Checkpoints.Load(file));
        second.Take(Steps - Pause).ShouldBe(expected.Skip(Pause));
        second.Capture().Bits().ShouldBe(unbroken.Capture().Bits());
    }

    [Fact]
    public void Truncation_changes_the_training_and_a_window_of_the_whole_sequence_does_not()
    {
        double[] Losses(string training) =>
            [.. Trainings.Start(Experiment("[ lstm: 8, linear: 39 ]", training)).Take(Steps).Select(step => step.Loss)];
        double[] whole = Losses("");

        Losses(", truncate: 1000").ShouldBe(whole);
        double[] cut = Losses(", truncate: 2");
        cut[0].ShouldBe(whole[0], "outputs are the same");
        cut[1..].ShouldNotBe(whole[1..]);
    }

    private static RecurrentParameters Parameters(string layer, int inputs = 7) => Layer(layer, inputs).Parameters;

    private static Recurrent Layer(string layer, int inputs) =>
        (Recurrent)ModelBuilder.Build(Experiment($"[ {layer} ]"), [5, inputs], "test.yaml").Net.Children[0];

    private static double[] Gram(Tensor weight)
    {
        Tensor product = Tensor.Zeros(weight.Shape, weight.ElementType);
        Kernels.MatMul(weight, weight.Transpose(), product);
        return product.ToDoubles();
    }

    private static double[] Eye(int size) =>
        [.. Enumerable.Range(0, size * size).Select(i => i % (size + 1) == 0 ? 1.0 : 0)];

    private static string Refusal(Experiment experiment)
    {
        string message = Should.Throw<InvalidExperimentException>(() => Trainings.Start(experiment)).Message;
        message.ShouldNotContain('\n');
        return message;
    }

    private static Experiment Experiment(string model, string training = "") => Trainings.Parse($"""
        name: time
        seed: 3
        data: {"{ agreement: { distance: 6, train: 100, test: 20 } }"}
        model: {model}
        loss: cross-entropy
        optimizer: {"{ adam: { lr: 0.01 } }"}
        training: {"{ steps: 20, batch: 16" + training + " }"}
        """);
}
