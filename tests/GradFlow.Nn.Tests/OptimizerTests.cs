using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class OptimizerTests
{
    public static TheoryData<string> Names { get; } =
        [.. Reference.Cases("optimizers").Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_are_the_same_bits_as_in_PyTorch(string name)
    {
        JsonElement reference = Reference.Case("optimizers", name);
        ElementType type = reference.GetProperty("double").GetBoolean() ? ElementType.Float64 : ElementType.Float32;
        Parameter parameter = Given.Parameter("w", reference.Numbers("start"), type);
        Optimizer optimizer = Make(reference, parameter);
        foreach ((double[] gradient, double[] expected) in reference.Rows("gradients").Zip(reference.Rows("weights")))
        {
            parameter.SetGradient(gradient);
            optimizer.Step();
            parameter.Value.ToDoubles().ShouldBe(expected);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_training_resumed_from_its_state_ends_in_the_same_bits(string name)
    {
        JsonElement reference = Reference.Case("optimizers", name);
        double[][] gradients = reference.Rows("gradients");
        Parameter whole = Given.Parameter("w", reference.Numbers("start"));
        Optimizer first = Make(reference, whole);
        foreach (double[] gradient in gradients[..4]) Step(first, whole, gradient);
        var resumed = new Parameter("w", whole.Value.Clone());
        Optimizer second = Make(reference, resumed);
        second.LoadState(first.State.ToDictionary(entry => entry.Key, entry => entry.Value.Clone()));
        foreach (double[] gradient in gradients[4..])
        {
            Step(first, whole, gradient);
            Step(second, resumed, gradient);
        }
        resumed.Value.ToDoubles().ShouldBe(whole.Value.ToDoubles());
        second.State.Keys.ShouldBe(first.State.Keys, ignoreOrder: true);
        foreach (string key in first.State.Keys) second.State[key].ToDoubles().ShouldBe(first.State[key].ToDoubles());
    }

    [Theory]
    [InlineData(1e-10, 0.0099010)]
    [InlineData(1e-8, 0.5)]
    [InlineData(3, 1)]
    [InlineData(-1e-9, 0.0909091)]
    public void Adam_under_a_constant_gradient_moves_by_g_over_g_plus_epsilon(double gradient, double share)
    {
        Parameter parameter = Given.Parameter("w", [0], ElementType.Float64);
        var adam = new Adam([parameter], 0.1, epsilon: 1e-8);
        for (int i = 1; i <= 20; i++)
        {
            double before = parameter.Value[0];
            Step(adam, parameter, [gradient]);
            (Math.Abs(parameter.Value[0] - before) / 0.1).ShouldBe(share, 1e-6);
        }
    }

    [Fact]
    public void Frozen_parameters_and_those_without_gradient_are_left_alone_with_their_state()
    {
        Parameter moves = Given.Parameter("a", [1]), frozen = Given.Parameter("b", [1]);
        Parameter unreached = Given.Parameter("c", [1]);
        moves.SetGradient([1]);
        frozen.SetGradient([1]);
        frozen.IsFrozen = true;
        var adam = new Adam([moves, frozen, unreached], 0.1, weightDecay: 1);
        adam.Step();
        moves.Value[0].ShouldNotBe(1);
        frozen.Value[0].ShouldBe(1);
        unreached.Value[0].ShouldBe(1);
        adam.State.Keys.ShouldBe(["steps:a", "first-moment:a", "second-moment:a"], ignoreOrder: true);
    }

    [Fact]
    public void Counters_are_scalars_in_float64_and_moments_are_like_the_parameter()
    {
        Parameter parameter = Given.Parameter("3.linear.weight", [1, 2]);
        var adam = new Adam([parameter]);
        Step(adam, parameter, [1, 1]);
        Step(adam, parameter, [1, 1]);
        adam.State["steps:3.linear.weight"].Shape.ShouldBe(new Shape());
        adam.State["steps:3.linear.weight"].ElementType.ShouldBe(ElementType.Float64);
        adam.State["steps:3.linear.weight"][[]].ShouldBe(2);
        adam.State["first-moment:3.linear.weight"].ToString().ShouldBe("Float32[2]");
        var sgd = new Sgd([parameter], 0.1, momentum: 0.9);
        sgd.State.ShouldBeEmpty();
        Step(sgd, parameter, [1, 1]);
        sgd.State.Keys.ShouldBe(["momentum:3.linear.weight"]);
        new Sgd([parameter], 0.1).State.ShouldBeEmpty();
    }

    [Fact]
    public void A_loaded_state_is_a_copy()
    {
        Parameter parameter = Given.Parameter("w", [1]);
        var sgd = new Sgd([parameter], 0.1, momentum: 0.9);
        Tensor saved = Tensor.From([5f], 1);
        sgd.LoadState(new Dictionary<string, Tensor> { ["momentum:w"] = saved });
        Step(sgd, parameter, [1]);
        saved[0].ShouldBe(5);
        sgd.State["momentum:w"][0].ShouldBe(5.5);
    }

    [Fact]
    public void A_state_of_another_net_is_refused_and_changes_nothing()
    {
        Parameter parameter = Given.Parameter("w", [1, 2]);
        var sgd = new Sgd([parameter], 0.1, momentum: 0.9);
        Step(sgd, parameter, [1, 1]);
        var otherName = new Dictionary<string, Tensor> { ["momentum:v"] = Tensor.From([5f], 1) };
        var otherShape = new Dictionary<string, Tensor> { ["momentum:w"] = Tensor.From([5f], 1) };
        Should.Throw<ArgumentException>(() => sgd.LoadState(otherName)).Message.ShouldContain("no state 'momentum:v'");
        Should.Throw<ArgumentException>(() => sgd.LoadState(otherShape))
            .Message.ShouldContain("shape [1]; expected [2]");
        sgd.State["momentum:w"].ToDoubles().ShouldBe([1, 1]);
    }

    [Fact]
    public void An_element_gets_the_same_bits_wherever_it_lies()
    {
        double[] values = new double[41];
        Array.Fill(values, 0.7312345);
        Parameter parameter = Given.Parameter("w", values);
        var adam = new Adam([parameter], 0.01, weightDecay: 0.1);
        for (int i = 0; i < 5; i++)
        {
            double[] gradient = new double[41];
            Array.Fill(gradient, 0.123 * (i - 1.7));
            Step(adam, parameter, gradient);
        }
        parameter.Value.ToDoubles().Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void Impossible_numbers_are_refused()
    {
        Parameter[] parameters = [Given.Parameter("w", [1])];
        Should.Throw<ArgumentOutOfRangeException>(() => new Sgd(parameters, -0.1));
        Should.Throw<ArgumentOutOfRangeException>(() => new Sgd(parameters, double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => new Sgd(parameters, 0.1, momentum: 1));
        Should.Throw<ArgumentException>(() => new Sgd(parameters, 0.1, nesterov: true));
        Should.Throw<ArgumentOutOfRangeException>(() => new Adam(parameters, beta2: 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new Adam(parameters).LearningRate = double.PositiveInfinity);
        Should.Throw<ArgumentOutOfRangeException>(() => new RmsProp(parameters, alpha: 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new RmsProp(parameters, epsilon: double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => new AdaGrad(parameters, start: -1));
        Should.Throw<ArgumentOutOfRangeException>(() => new AdaGrad(parameters, rateDecay: -1));
        Should.Throw<ArgumentOutOfRangeException>(() => new AdamW(parameters, weightDecay: -0.1));
        Should.Throw<ArgumentException>(() => new Adam([parameters[0], parameters[0]]))
            .Message.ShouldContain("two parameters 'w'");
    }

    private static void Step(Optimizer optimizer, Parameter parameter, double[] gradient)
    {
        parameter.SetGradient(gradient);
        optimizer.Step();
    }

    private static Optimizer Make(JsonElement reference, Parameter parameter)
    {
        JsonElement settings = reference.GetProperty("settings");
        double rate = settings.GetProperty("lr").GetDouble(), momentum = settings.Number("momentum", 0);
        double[] betas = settings.TryGetProperty("betas", out JsonElement given) ? given.Numbers() : [0.9, 0.999];
        string kind = reference.GetProperty("kind").GetString()!;
        double decay = settings.Number("weight_decay", kind == "AdamW" ? 0.01 : 0);
        double eps = settings.Number("eps", kind == "Adagrad" ? 1e-10 : 1e-8);
        Parameter[] all = [parameter];
        return kind switch
        {
            "SGD" => new Sgd(all, rate, momentum, settings.TryGetProperty("nesterov", out _), decay),
            "Adam" => new Adam(all, rate, betas[0], betas[1], eps, decay),
            "AdamW" => new AdamW(all, rate, betas[0], betas[1], eps, decay),
            "Adagrad" => new AdaGrad(
                all, rate, eps, settings.Number("initial_accumulator_value", 0), decay, settings.Number("lr_decay", 0)),
            _ => new RmsProp(
                all, rate, settings.Number("alpha", 0.99), eps, momentum, settings.TryGetProperty("centered", out _),
                decay),
        };
    }
}
