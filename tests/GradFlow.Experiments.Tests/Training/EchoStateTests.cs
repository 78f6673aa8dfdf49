using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Tensors;
using GradFlow.Theory;

namespace GradFlow.Experiments.Tests.Training;

public sealed class EchoStateTests
{
    [Theory]
    [InlineData(1, 0.9, 1)]
    [InlineData(40, 0.95, 0.1)]
    [InlineData(90, 1.3, 1)]
    public void The_reservoirs_largest_eigenvalue_has_the_radius_asked_for(int units, double radius, double density)
    {
        Parameter weight = Reservoir($"out: {units}, spectral-radius: {radius}, density: {density}")
            .Parameters.RecurrentWeight;
        double[,] matrix = new double[units, units];
        for (int i = 0; i < units; i++)
            for (int j = 0; j < units; j++) matrix[i, j] = weight.Value[i, j];
        Spectra.SpectralRadius(matrix).ShouldBe(radius, 1e-5);
        weight.Value.ToDoubles().Count(w => w != 0).ShouldBe(units * Math.Max(1, (int)Math.Round(density * units)));
    }

    [Fact]
    public void Training_leaves_the_reservoir_alone_and_its_readout_learns()
    {
        Trainer trainer = Trainings.Start(Adding("torch", "{ steps: 40 }"));
        Parameter[] parameters = [.. trainer.Model.Net.AllParameters()];
        double[][] before = [.. parameters.Select(p => p.Value.ToDoubles())];
        double first = trainer.EvaluateValidation().Loss;
        trainer.Take(40);
        for (int i = 0; i < parameters.Length; i++)
            parameters[i].Value.ToDoubles().SequenceEqual(before[i]).ShouldBe(
                parameters[i].Name.StartsWith("echo-state", StringComparison.Ordinal), parameters[i].Name);
        trainer.EvaluateValidation().Loss.ShouldBeLessThan(first);
    }

    [Fact]
    public void No_gradient_through_time_is_claimed_of_a_reservoir()
    {
        Trainer trainer = Trainings.Start(Adding("torch", "{ steps: 2 }"));
        Runs.RunStructure structure = trainer.Describe(DateTimeOffset.UnixEpoch, "test").Structure;
        trainer.Watch = new Flow.NetWatch(trainer.Model.Net, structure, 16);
        trainer.Advance().Frame!.ThroughTime!.ShouldAllBe(profile => profile == null);
        trainer.Forecast(structure).Expectation.ShouldNotContain("time");
    }

    [Fact]
    public void The_ridge_readout_is_where_its_penalised_squared_error_is_least()
    {
        const double Alpha = 0.3;
        Trainer trainer = Trainings.Start(Adding($"{{ ridge: {Alpha} }}", "{ steps: 0, batch: 20 }"));
        var layer = (Linear)trainer.Model.Net.Children[^1];
        double best = Cost(0, 0);
        for (int i = 0; i < layer.Weight.Value.Size; i++)
            foreach (double move in new[] { -0.01, 0.01 }) Cost(move, i).ShouldBeGreaterThan(best);
        double at = layer.Bias!.Value[0];
        foreach (double move in new[] { -0.01, 0.01 })
        {
            layer.Bias.Value[0] = at + move;
            Cost(0, 0).ShouldBeGreaterThan(best);
        }

        double Cost(double move, int i)
        {
            Tensor row = layer.Weight.Value;
            double kept = row[0, i];
            row[0, i] = kept + move;
            Dataset data = Trainings.DataOf(trainer.Experiment).Train;
            var batches = new Batches(data, new MseSpec(), trainer.Model);
            int[] all = [.. Enumerable.Range(0, data.Count)];
            using var tape = new Tape { IsRecording = false };
            double[] y = trainer.Model.Net.Apply(batches.Inputs(tape, all), Pass.Evaluation).Value.ToDoubles();
            double[] wanted = batches.Targets(tape, all).Values!.ToDoubles();
            double cost = y.Zip(wanted, (a, b) => (a - b) * (a - b)).Sum()
                + Alpha * row.ToDoubles().Sum(w => w * w);
            row[0, i] = kept;
            return cost;
        }
    }

    [Fact]
    public void Classes_are_fitted_as_ones_and_zeros()
    {
        Trainer trainer = Trainings.Start(Trainings.Parse("""
            name: latch
            data: { latch: { length: 5, train: 400, test: 20 } }
            model: [ echo-state: 30, last-step, linear: { out: 2, init: ridge } ]
            loss: cross-entropy
            optimizer: sgd
            training: { steps: 0 }
            """));
        trainer.EvaluateValidation().Metric!.Value.ShouldBeGreaterThan(0.95);
    }

    [Theory]
    [InlineData("[ linear: { out: 3, init: ridge }, linear: 1 ]", "model[0]: 'ridge' fits the last layer to the data, "
        + "a 'linear' without 'weight-norm'; expected another initialisation")]
    [InlineData("[ linear: { out: 3, init: { spectral-radius: 1 } }, linear: 1 ]", "model[0]: 'spectral-radius' is for "
        + "'recurrent-init', whose weights are square; expected another initialisation")]
    [InlineData("[ linear: { out: 4, init: zeros, bias: zeros }, linear: { out: 3, init: { ridge: 0 } } ]", "model[1]: "
        + "what comes into it is linearly dependent or not finite, so that 'ridge' with 0 has no solution; expected a "
        + "larger number")]
    public void Initialisations_that_do_not_fit_are_refused(string model, string problem) =>
        Should.Throw<InvalidExperimentException>(() => Trainings.Start(Trainings.OfModel(model)))
            .Message.ShouldContain(problem);

    [Theory]
    [InlineData(5, 0.9)]
    [InlineData(12, 0.95)]
    [InlineData(20, 0.98)]
    [InlineData(40, 0.9)]
    [InlineData(40, 0.99)]
    public void A_linear_reservoir_remembers_as_many_inputs_as_it_has_units(int units, double radius)
    {
        double capacity = MemoryCapacity.ByDelay(Linear(units, radius), new RandomKey(3, "inputs"), 15 * units).Sum();
        capacity.ShouldBe(units, 0.03 * units);
    }

    [Fact]
    public void A_reservoir_of_tanh_remembers_less_than_its_units()
    {
        var tanh = new Rnn("rnn", Weights(20, 0.98, 1), new Tanh("tanh"));
        MemoryCapacity.ByDelay(tanh, new RandomKey(3, "inputs"), 200).Sum().ShouldBeLessThan(15);
    }

    private static Rnn Linear(int units, double radius) => new("rnn", Weights(units, radius, 0.1), null);

    private static RecurrentParameters Weights(int units, double radius, double inputScale)
    {
        Tensor w = Tensor.Zeros(new Shape(units, 1), ElementType.Float64);
        Tensor u = Tensor.Zeros(new Shape(units, units), ElementType.Float64);
        Initializers.Uniform(inputScale).FillInPlace(w, new RandomKey(5, "w"));
        Initializers.SpectralRadius(radius).FillInPlace(u, new RandomKey(5, "u"));
        return new RecurrentParameters(new Parameter("w", w), new Parameter("u", u));
    }

    private static Recurrent Reservoir(string keys) => (Recurrent)Trainings.Start(Trainings.Parse($$"""
        name: reservoir
        data: { adding: { length: 4, train: 50, test: 10 } }
        model: [ echo-state: { {{keys}} }, last-step, linear: 1 ]
        loss: mse
        optimizer: sgd
        training: { steps: 1 }
        """)).Model.Net.Children[0];

    private static Experiment Adding(string init, string training) => Trainings.Parse($$"""
        name: adding
        data: { adding: { length: 6, train: 200, test: 20 } }
        model: [ echo-state: 20, last-step, linear: { out: 1, init: {{init}} } ]
        loss: mse
        optimizer: { adam: { lr: 0.01 } }
        training: {{training}}
        """);
}
