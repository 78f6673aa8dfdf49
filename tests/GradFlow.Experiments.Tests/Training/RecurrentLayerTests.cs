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
        "[ leaky-rnn: { out: 8, longest: 50, trained: true }, leaky-rnn: 5, linear: 39 ]",
        "[ orthogonal-rnn: { out: 8, activation: mod-relu }, linear: 39 ]",
        "[ lru: { out: 8, states: 5 }, linear: 39 ]",
        "[ lstm: { out: 8, bidirectional: true, chrono: 20, peepholes: true }, last-step, linear: 39 ]",
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

    /// <summary>b_f = ln u, u uniform on [1, T − 1], and b_i = −b_f (Tallec &amp; Ollivier 2018).</summary>
    [Fact]
    public void Chrono_biases_are_logs_of_uniform_time_scales()
    {
        const int Units = 400;
        const double Longest = 101;
        RecurrentParameters lstm = Parameters($"lstm: {{ out: {Units}, chrono: {Longest} }}");
        RecurrentParameters gru = Parameters($"gru: {{ out: {Units}, chrono: {Longest} }}");
        double[] Gate(Autograd.Parameter? bias, int gate) =>
            bias!.Value.Slice(0, gate * Units, Units).Clone().ToDoubles();

        double[] times = [.. Gate(lstm.Bias, 1).Select(Math.Exp)];
        Gate(lstm.Bias, 0).ShouldBe([.. Gate(lstm.Bias, 1).Select(bias => -bias)]);
        foreach (double[] drawn in (double[][])[times, [.. Gate(gru.Bias, 1).Select(Math.Exp)]])
        {
            drawn.ShouldAllBe(u => u >= 1 - 1e-6 && u <= Longest - 1 + 1e-3);
            double width = Longest - 2;
            drawn.Average().ShouldBe(Longest / 2, 4 * width / Math.Sqrt(12.0 * Units));
        }
        Gate(lstm.RecurrentBias, 0).Concat(Gate(lstm.RecurrentBias, 1)).Concat(Gate(gru.RecurrentBias, 1))
            .ShouldAllBe(bias => bias == 0);
    }

    [Fact]
    public void Time_constants_are_spaced_evenly_in_their_logs()
    {
        var fixedOnes = (LeakyRnn)Layer("leaky-rnn: { out: 3, time-constant: 2, longest: 200 }", 7);
        fixedOnes.TimeConstants().ShouldBe([2, 20, 200], 1e-4);
        var trained = (LeakyRnn)Layer("leaky-rnn: { out: 2, trained: true }", 7);
        trained.TimeConstants().ShouldBe([10, 10], 1e-4);
        trained.OwnParameters.ShouldContain(parameter => parameter.Name == "leaky-rnn-1.leak");
    }

    [Theory]
    [InlineData("rnn", 1)]
    [InlineData("lstm", 4)]
    [InlineData("gru", 3)]
    public void Connections_that_skip_steps_have_weights_of_their_own_and_leave_others_as_drawn(string type, int gates)
    {
        const int Units = 5;
        RecurrentParameters plain = Parameters($"{type}: {Units}");
        RecurrentParameters skips = Parameters($"{type}: {{ out: {Units}, skip: 7, skip-init: orthogonal }}");
        (skips.Skip!.Steps, skips.Skip.Weight.Value.Shape).ShouldBe((7, new Shape(gates * Units, Units)));
        Gram(skips.Skip.Weight.Value.Slice(0, 0, Units).Clone(ElementType.Float64)).ShouldBe(Eye(Units), 1e-6);
        skips.RecurrentWeight.Value.ToDoubles().ShouldBe(plain.RecurrentWeight.Value.ToDoubles());
        plain.Skip.ShouldBeNull();
    }

    [Fact]
    public void A_normalised_layer_begins_with_gains_of_one_and_shifts_in_place_of_biases()
    {
        RecurrentParameters norm = Parameters("rnn: { out: 3, layer-norm: true }");
        norm.PerUnit!.Value.ToDoubles().ShouldBe([1, 1, 1, 0, 0, 0]);
        (norm.Bias, norm.RecurrentBias).ShouldBe((null, null));
        Parameters("rnn: { out: 3, layer-norm: true, bias: { constant: 2 } }").PerUnit!.Value.ToDoubles()
            .ShouldBe([1, 1, 1, 2, 2, 2]);
        norm.Weight.Value.ToDoubles().ShouldBe(Parameters("rnn: 3").Weight.Value.ToDoubles());
    }

    [Fact]
    public void An_orthogonal_layer_begins_with_what_its_init_draws()
    {
        var layer = (OrthogonalRnn)Layer("orthogonal-rnn: 9", 7);
        Gram(layer.RecurrentMatrix().Clone(ElementType.Float64)).ShouldBe(Eye(9), 1e-6);
        layer.RecurrentMatrix().ToDoubles().ShouldBe(layer.Start.ToDoubles(), 1e-7);
        ((OrthogonalRnn)Layer("orthogonal-rnn: { out: 4, recurrent-init: identity }", 7)).RecurrentMatrix()
            .ToDoubles().ShouldBe(Eye(4));
    }

    [Theory]
    [InlineData("rnn: { out: 6, bidirectional: true }", 12)]
    [InlineData("lru: { out: 6, states: 3 }", 6)]
    public void The_next_layer_gets_what_comes_out(string layer, int outputs)
    {
        Model model = ModelBuilder.Build(Experiment($"[ {layer}, linear: 2 ]"), [5, 7], "test.yaml");
        var linear = (Linear)model.Net.Children[1];
        linear.Weight.Value.Shape.ShouldBe(new Shape(2, outputs));
    }

    [Theory]
    [InlineData("leaky-rnn: { out: 8, time-constant: 20, activation: identity }")]
    [InlineData("orthogonal-rnn: { out: 8, activation: identity }")]
    [InlineData("lru: { out: 8, inner-radius: 0.5, outer-radius: 0.9 }")]
    [InlineData("lstm: { out: 8, chrono: 30 }")]
    [InlineData("rnn: { out: 8, skip: 4, skip-init: orthogonal }")]
    [InlineData("rnn: { out: 8, layer-norm: true }")]
    public void Theory_foresees_how_these_layers_remember(string layer)
    {
        Model model = ModelBuilder.Build(Experiment($"[ {layer}, linear: 39 ]"), [12, 39], "test.yaml");
        ((Theory.RecurrentStage)model.Stages[0].Stage).DecadesPerStep(new Theory.SignalState(1.0 / 39, 0), 11)
            .ShouldNotBeNull();
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
                Model = [spec, new LastStepSpec(), new LinearSpec { Out = 39 }],
                Training = new TrainingSpec { Steps = 2, Batch = 8, Truncate = new() { Window = 3 } },
            }).Model.Net.Children[0];
            layer.Type.ShouldBe(spec.EntryName);
            foreach (Recurrent own in layer.SelfAndDescendants().OfType<Recurrent>())
            {
                own.Parameters.All.Count(
                        parameter => parameter != own.Parameters.PerUnit && parameter != own.Parameters.Skip?.Weight)
                    .ShouldBe(spec is RecurrentSpec { Bias: null } or RnnSpec { LayerNorm: true } or LruSpec ? 2 : 4);
                own.Window.ShouldBe(3);
            }
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
