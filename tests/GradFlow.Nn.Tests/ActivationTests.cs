using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class ActivationTests
{
    /// <summary>Inputs on both sides of every bend.</summary>
    private static readonly double[] Points = [-30, -3, -1.2, -0.4, -0.1, 0.1, 0.4, 0.9, Math.Sqrt(2), 3, 5, 8];

    private static readonly Dictionary<string, Activation> All = new Activation[]
    {
        new Exponential("a"), new Gelu("a"), new LeakyRelu("a", 0.2), new Relu("a"), new Sigmoid("a"), new Tanh("a"),
        new Elu("a", 0.7), new Selu("a"), new Silu("a"), new Softplus("a", 3), new Softsign("a"), new Relu6("a"),
        new HardTanh("a", -0.5, 1), Create("a", ElementType.Float64), new Rrelu("a", 0.1, 0.3),
    }.ToDictionary(activation => activation.Type);

    public static TheoryData<string> Types => [.. All.Keys];

    [Fact]
    public void Every_activation_is_looked_at() => All.Values.Select(activation => activation.GetType()).ShouldBe(
        typeof(Activation).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Activation))), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Types))]
    public void Slopes_that_activations_state_are_those_of_their_ops(string type) => ShouldStateItsSlopes(All[type]);

    [Fact]
    public void Slopes_of_GELU_with_tanh_are_stated_too() => ShouldStateItsSlopes(new Gelu("a", isApproximate: true));

    [Theory]
    [MemberData(nameof(Types))]
    public void What_saturates_and_what_dies_is_stated(string type)
    {
        double far = Math.Max(Math.Abs(All[type].SlopeAt(-1e4)), Math.Abs(All[type].SlopeAt(1e4)));
        bool isFlat = far < 1e-3 * All[type].LargestSlope;
        All[type].IsBounded.ShouldBe(isFlat, "flat on both sides");
        bool hasZeros = Points.Any(x => Math.Abs(x) < 10 && All[type].SlopeAt(x) == 0);
        All[type].CanDie.ShouldBe(hasZeros, "slope of exactly 0");
    }

    [Fact]
    public void The_largest_slopes_are_reached()
    {
        Activation[] smooth = [new Gelu("a"), new Gelu("a", isApproximate: true), new Silu("a")];
        foreach (Activation activation in smooth)
            Enumerable.Range(0, 4000).Max(i => activation.SlopeAt(i / 1000.0)).ShouldBe(activation.LargestSlope, 1e-6);
    }

    [Fact]
    public void Bounds_of_a_hard_tanh_lie_around_0()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new HardTanh("a", 0.1, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new HardTanh("a", -1, -0.5));
        Should.Throw<ArgumentOutOfRangeException>(() => new HardTanh("a", 0, 0));
    }

    [Fact]
    public void A_randomised_ReLU_draws_a_slope_per_number_in_training_and_takes_the_mean_in_evaluation()
    {
        const int Count = 40_000;
        Tensor x = Tensor.Full(new Shape(200, 200), -1);
        double[] Draw(string name, long step) =>
            [.. Apply(new Rrelu(name), x, ModuleTests.Training(step)).Select(y => -y)];
        double[] slopes = Draw("rrelu-1", 3);
        slopes.ShouldAllBe(slope => slope >= 1.0 / 8 && slope <= 1.0 / 3);
        // A uniform distribution's mean and standard deviation.
        slopes.Average().ShouldBe(11.0 / 48, 4 * (1.0 / 3 - 1.0 / 8) / Math.Sqrt(12 * Count));
        Draw("rrelu-1", 3).ShouldBe(slopes);
        Draw("rrelu-1", 4).ShouldNotBe(slopes);
        Draw("rrelu-2", 3).ShouldNotBe(slopes);
        Apply(new Rrelu("rrelu-1"), x, Pass.Evaluation).ShouldAllBe(y => y == -(float)(11.0 / 48));
        Apply(new Rrelu("rrelu-1"), Tensor.Full(new Shape(3), 2), ModuleTests.Training(0)).ShouldAllBe(y => y == 2);
    }

    [Fact]
    public void A_randomised_ReLU_in_evaluation_is_pytorchs()
    {
        JsonElement expected = Reference.Case("rrelu", "rrelu");
        using var tape = new Tape();
        Variable x = tape.Input(Tensor.From(expected.Numbers("input"), 4, 5));
        Variable y = new Rrelu("rrelu-1", 0.1, 0.4).Apply(x, Pass.Evaluation);
        y.Value.ToDoubles().ShouldBe(expected.Numbers("output"), 1e-15);
        tape.Gradients(Ops.Sum(Ops.Sin(y)), [x])[0]!.ToDoubles().ShouldBe(expected.Numbers("input_gradient"), 1e-15);
    }

    [Fact]
    public void A_parametric_ReLU_learns_one_slope_for_all_or_one_per_feature()
    {
        Tensor x = Tensor.From([-1.0, -2, -3, 4, -5, 6], 2, 3).Clone(ElementType.Float32);
        Prelu shared = Prelu.Create("p"), own = Prelu.Create("q", 3, 0.5);
        shared.Slope.Value.ToDoubles().ShouldBe([0.25]);
        shared.Slope.Name.ShouldBe("p.slope");
        Apply(shared, x, Pass.Evaluation).ShouldBe([-0.25, -0.5, -0.75, 4, -1.25, 6]);
        GradientOf(shared, x).ShouldBe([-1 - 2 - 3 - 5]);
        GradientOf(own, x).ShouldBe([-1, -2 - 5, -3]);
    }

    [Fact]
    public void Slopes_and_pieces_may_lie_along_the_channels_of_images()
    {
        Tensor x = Tensor.From([-1.0, -2, -3, -4], 1, 2, 1, 2).Clone(ElementType.Float32);
        var slope = new Parameter("p.slope", Tensor.From([1f, 10f]));
        Apply(new Prelu("p", slope, dimension: 1), x, Pass.Evaluation).ShouldBe([-1, -2, -30, -40]);
        Apply(new Maxout("m", 2, dimension: 1), x, Pass.Evaluation).ShouldBe([-1, -2]);
    }

    [Fact]
    public void Maxout_and_softmax_map_each_time_step_alike()
    {
        Tensor x = ModuleTests.Random(new Shape(2, 3, 4), 1), step = x.Slice(1, 1, 1).Clone().Reshape(new Shape(2, 4));
        foreach (Module module in new Module[] { new Maxout("m"), new Softmax("s") })
        {
            using var tape = new Tape();
            Tensor all = module.Apply(tape.Constant(x), Pass.Evaluation).Value;
            all.Slice(1, 1, 1).ToDoubles().ShouldBe(
                module.Apply(tape.Constant(step), Pass.Evaluation).Value.ToDoubles());
        }
    }

    [Fact]
    public void SELU_layers_keep_the_standard_normal()
    {
        Tensor x = ModuleTests.Random(new Shape(64, 400), 1);
        double[] y = x.ToDoubles();
        for (int layer = 0; layer < 10; layer++)
        {
            Linear linear = ModuleTests.Linear($"linear-{layer}", 400, 400, Initializers.LeCunNormal());
            using var tape = new Tape();
            y = new Selu("selu").Apply(
                linear.Apply(tape.Constant(x), Pass.Evaluation), Pass.Evaluation).Value.ToDoubles();
            x = Tensor.From(y, 64, 400).Clone(ElementType.Float32);
        }
        // Klambauer et al. 2017: the fixed point pulls mean 0 and variance 1 back, at width 400 to about 1/√400.
        y.Average().ShouldBe(0, 0.1);
        y.Average(value => value * value).ShouldBe(1, 0.15);
    }

    private static void ShouldStateItsSlopes(Activation activation)
    {
        using var tape = new Tape();
        Variable x = tape.Input(Points.ToTensor(ElementType.Float64)), y = activation.Apply(x, Pass.Evaluation);
        double[] slopes = tape.Gradients(y, [x], Tensor.Full(x.Shape, 1, ElementType.Float64))[0]!.ToDoubles();
        double[] stated = [.. Points.Select(activation.SlopeAt)];
        for (int i = 0; i < stated.Length; i++) slopes[i].ShouldBe(stated[i], 1e-9 * Math.Max(1, Math.Abs(stated[i])));
        slopes.ShouldAllBe(slope => Math.Abs(slope) <= activation.LargestSlope + 1e-12);
    }

    private static double[] GradientOf(Prelu prelu, Tensor x)
    {
        using var tape = new Tape();
        Variable y = prelu.Apply(tape.Constant(x), Pass.Evaluation);
        tape.Backward(y, Tensor.Full(y.Shape, 1));
        return prelu.Slope.Gradient.ToDoubles();
    }

    private static Prelu Create(string name, ElementType type) =>
        new(name, new Parameter($"{name}.slope", Tensor.Full(new Shape(1), 0.25, type)));

    private static double[] Apply(Module module, Tensor x, Pass pass)
    {
        using var tape = new Tape();
        return module.Apply(tape.Constant(x), pass).Value.ToDoubles();
    }
}
