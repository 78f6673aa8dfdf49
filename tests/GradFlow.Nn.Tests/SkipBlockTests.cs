using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class SkipBlockTests
{
    private static readonly Func<IReadOnlyList<Module>, SkipBlock>[] Blocks =
    [
        branch => new Residual("block", branch, 0.3), branch => new SkipInit("block", branch, ElementType.Float64),
        branch => new ReZero("block", branch, ElementType.Float64),
        branch => new Fixup("block", branch, ElementType.Float64),
        branch => Highway.Create("block", branch, 6, 5, gateBias: -0.5, type: ElementType.Float64),
        branch => new DenseConcat("block", branch),
    ];

    public static TheoryData<int> All { get; } = [.. Enumerable.Range(0, Blocks.Length)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Learned_blocks_are_the_identity_at_init(int index)
    {
        SkipBlock block = Blocks[index](Branch());
        (block as Fixup)?.InitializeInPlace(blocks: 4);
        Tensor x = Random(new Shape(3, 6), 1), cotangent = Random(new Shape(3, 6), 2);
        using var tape = new Tape();
        Variable input = tape.Input(x), y = block.Apply(input, ModuleTests.Training(0));
        y.Value.ToDoubles().ShouldBe(x.ToDoubles());
        tape.Gradients(y, [input], cotangent)[0]!.ToDoubles().ShouldBe(cotangent.ToDoubles());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Gradients_agree_with_central_differences(int index)
    {
        SkipBlock block = Blocks[index](Branch());
        foreach (Parameter parameter in block.AllParameters().Where(p => p.Value.Size == 1)) parameter.Value[0] += 0.7;
        GradientCheckResult result = GradientCheck.Run(
            (_, x) => Ops.Sin(block.Apply(x[0], ModuleTests.Training(0))), [Random(new Shape(3, 6), 1)]);
        result.RelativeError.ShouldBeLessThan(1e-6, $"{result}");
    }

    [Fact]
    public void A_highways_gates_weigh_its_branch_against_what_comes_in()
    {
        Highway block = Highway.Create("block", Branch(), 6, 5, type: ElementType.Float64);
        Tensor x = Random(new Shape(3, 6), 1);
        using var tape = new Tape();
        Variable input = tape.Input(x), h = input;
        double[] y = block.Apply(input, ModuleTests.Training(0)).Value.ToDoubles();
        foreach (Module module in block.Children) h = module.Apply(h, ModuleTests.Training(0));
        double[] gates = Ops.Sigmoid(
            Ops.Affine(input, tape.Use(block.GateWeight), tape.Use(block.GateBias))).Value.ToDoubles();
        y.ShouldBe(gates.Select((t, i) => t * h.Value.ToDoubles()[i] + (1 - t) * x.ToDoubles()[i]), 1e-12);
        block.GateBias.Value.ToDoubles().ShouldAllBe(b => b == -2);
    }

    [Fact]
    public void A_highway_is_what_pytorch_computes_of_it()
    {
        JsonElement expected = Reference.Case("highway", "highway");
        Tensor Of(string key, params int[] shape) => Tensor.From(expected.Numbers(key), shape);
        var weight = new Parameter("w", Of("weight", 6, 6));
        var block = new Highway(
            "block", [new Linear("linear", weight, null), new Tanh("tanh")],
            new Parameter("gate", Of("gate", 6, 6)), new Parameter("bias", Of("bias", 6)));
        using var tape = new Tape();
        Variable x = tape.Input(Of("input", 3, 6)), y = block.Apply(x, ModuleTests.Training(0)),
            loss = Ops.Sum(Ops.Sin(y));
        tape.Backward(loss);
        y.Value.ToDoubles().ShouldBe(expected.Numbers("output"), 1e-12);
        weight.Gradient.ToDoubles().ShouldBe(expected.Numbers("weight_gradient"), 1e-12);
        block.GateWeight.Gradient.ToDoubles().ShouldBe(expected.Numbers("gate_gradient"), 1e-12);
        block.GateBias.Gradient.ToDoubles().ShouldBe(expected.Numbers("bias_gradient"), 1e-12);
        tape.Gradient(loss, x)!.ToDoubles().ShouldBe(expected.Numbers("input_gradient"), 1e-12);
    }

    [Fact]
    public void A_closed_highway_is_the_identity()
    {
        Highway block = Highway.Create("block", Branch(), 6, 5, gateBias: -1000, type: ElementType.Float64);
        Tensor x = Random(new Shape(3, 6), 1), cotangent = Random(new Shape(3, 6), 2);
        using var tape = new Tape();
        Variable input = tape.Input(x), y = block.Apply(input, ModuleTests.Training(0));
        y.Value.ToDoubles().ShouldBe(x.ToDoubles());
        tape.Gradients(y, [input], cotangent)[0]!.ToDoubles().ShouldBe(cotangent.ToDoubles());
    }

    [Fact]
    public void A_learned_scale_gets_the_gradient_of_its_branch()
    {
        var block = new ReZero("block", Branch(), ElementType.Float64);
        Tensor x = Random(new Shape(3, 6), 1), cotangent = Random(new Shape(3, 6), 2);
        using var tape = new Tape();
        Variable y = block.Apply(tape.Constant(x), ModuleTests.Training(0));
        tape.Backward(y, cotangent);
        using var alone = new Tape();
        Variable branch = alone.Constant(x);
        foreach (Module module in block.Children) branch = module.Apply(branch, ModuleTests.Training(0));
        block.Scale.Gradient[0].ShouldBe(Kernels.Dot(branch.Value, cotangent), 1e-12);
        // While the scale is 0, nothing else of the branch learns.
        block.Children.SelectMany(module => module.AllParameters()).ShouldAllBe(p => Kernels.MaxAbs(p.Gradient) == 0);
    }

    [Theory]
    [InlineData(16, 2, 0, 0.25)]
    [InlineData(16, 3, 1, 0.5)]
    [InlineData(100, 2, 1, 0)]
    [InlineData(100, 1, 0, 0)]
    [InlineData(1, 2, 0, 1)]
    public void Fixup_scales_weights_by_the_papers_rule(int blocks, int layers, int layer, double factor) =>
        Fixup.WeightFactor(blocks, layers, layer).ShouldBe(factor, 1e-12);

    [Fact]
    public void Fixup_puts_a_scalar_bias_before_weights_and_activations_and_scales_the_weights()
    {
        IReadOnlyList<Module> branch = Branch();
        double[] drawn = ((Linear)branch[0]).Weight.Value.ToDoubles();
        var block = new Fixup("block", branch, ElementType.Float64);
        block.Children.Select(module => module.Name).ShouldBe(
            ["block-bias-1", "linear-1", "block-bias-2", "tanh-1", "block-bias-3", "linear-2"]);
        block.InitializeInPlace(16);
        ((Linear)branch[0]).Weight.Value.ToDoubles().ShouldBe(drawn.Select(w => 0.25 * w), 1e-12);
        ((Linear)branch[2]).AllParameters().ShouldAllBe(p => Kernels.MaxAbs(p.Value) == 0);
        Should.Throw<ArgumentOutOfRangeException>(() => Fixup.WeightFactor(4, 2, 2));
    }

    [Theory]
    [InlineData(new[] { 3, 6 }, false, 1)]
    [InlineData(new[] { 3, 5, 6 }, false, 2)]
    [InlineData(new[] { 3, 6, 5 }, true, 1)]
    [InlineData(new[] { 3, 6, 2, 4 }, false, 1)]
    public void Dense_concatenation_puts_features_behind_features(int[] shape, bool channelsFirst, int dimension)
    {
        Tensor x = Random(new Shape(shape), 1);
        Tensor y = Apply(new DenseConcat("block", [new Tanh("tanh-1")], channelsFirst), x);
        y.Shape[dimension].ShouldBe(12);
        y.Slice(dimension, 0, 6).Clone().ToDoubles().ShouldBe(x.ToDoubles());
        y.Slice(dimension, 6, 6).Clone().ToDoubles().ShouldBe(x.ToDoubles().Select(Math.Tanh), 1e-12);
    }

    [Theory]
    [InlineData("projection", new[] { 3, 6 }, 1)]
    [InlineData("projection", new[] { 3, 4, 6 }, 1)]
    [InlineData("projection", new[] { 2, 6, 5, 4 }, 2)]
    [InlineData("zero-padding", new[] { 3, 6 }, 1)]
    [InlineData("zero-padding", new[] { 3, 4, 6 }, 1)]
    [InlineData("zero-padding", new[] { 2, 6, 5, 4 }, 2)]
    public void A_shortcuts_gradient_agrees_with_central_differences(string kind, int[] shape, int stride)
    {
        Tensor weight = Random(shape.Length == 4 ? new Shape(9, 6, 1, 1) : new Shape(9, 6), 4);
        Tensor kernel = Random(shape.Length == 4 ? new Shape(9, 6, 3, 3) : new Shape(9, 6), 5);
        var how = new Convolution(new Window(3, stride, 1), new Window(3, stride, 1));
        GradientCheck.Run((_, x) =>
        {
            Module branch = shape.Length == 4
                ? new Conv2d("conv", new Parameter("k", kernel), null, how)
                : new Linear("linear", new Parameter("k", kernel), null);
            var block = new Residual("block", [branch], 0.5, kind == "projection"
                ? new ProjectionShortcut(new Parameter("w", weight), stride)
                : new ZeroPaddingShortcut(9, stride));
            return Ops.Sin(block.Apply(x[0], ModuleTests.Training(0)));
        }, [Random(new Shape(shape), 1)]).RelativeError.ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void A_projected_block_is_pytorchs()
    {
        JsonElement expected = Reference.Case("shortcuts", "projection");
        Tensor Of(string key, params int[] shape) => Tensor.From(expected.Numbers(key), shape);
        Parameter kernel = new("k", Of("kernel", 5, 3, 3, 3)), projection = new("w", Of("projection", 5, 3, 1, 1));
        var block = new Residual(
            "block", [new Conv2d("conv", kernel, null, new Convolution(new Window(3, 2, 1), new Window(3, 2, 1)))],
            shortcut: new ProjectionShortcut(projection, 2));
        using var tape = new Tape();
        Variable x = tape.Input(Of("input", 2, 3, 5, 6)), y = block.Apply(x, ModuleTests.Training(0)),
            loss = Ops.Sum(Ops.Sin(y));
        tape.Backward(loss);
        y.Value.ToDoubles().ShouldBe(expected.Numbers("output"), 1e-12);
        projection.Gradient.ToDoubles().ShouldBe(expected.Numbers("projection_gradient"), 1e-12);
        kernel.Gradient.ToDoubles().ShouldBe(expected.Numbers("kernel_gradient"), 1e-12);
        tape.Gradient(loss, x)!.ToDoubles().ShouldBe(expected.Numbers("input_gradient"), 1e-12);
        block.AllParameters().ShouldBe([projection, kernel], ignoreOrder: true);
    }

    [Fact]
    public void Zero_padding_hands_on_every_second_place_and_zeros_for_new_channels()
    {
        Tensor x = Random(new Shape(2, 3, 5, 4), 1);
        Tensor y = Apply(new Residual("block", [new Conv2d(
            "conv", new Parameter("k", Tensor.Zeros(new Shape(4, 3, 1, 1), ElementType.Float64)), null,
            new Convolution(new Window(1, 2), new Window(1, 2)))], shortcut: new ZeroPaddingShortcut(4, 2)), x);
        y.Shape.ShouldBe(new Shape(2, 4, 3, 2));
        for (int channel = 0; channel < 4; channel++)
            for (int row = 0; row < 3; row++)
                y[1, channel, row, 1].ShouldBe(channel < 3 ? x[1, channel, 2 * row, 2] : 0);
    }

    [Fact]
    public void Shortcuts_that_cannot_be_are_refused()
    {
        Should.Throw<ArgumentException>(
            () => new ProjectionShortcut(new Parameter("w", Tensor.Zeros(new Shape(2, 3, 3, 3)))))
            .Message.ShouldContain("expected [out, in] or, of images, [out, in, 1, 1]");
        Should.Throw<ArgumentException>(
            () => new ProjectionShortcut(new Parameter("w", Tensor.Zeros(new Shape(2, 3))), 2))
            .Message.ShouldContain("a stride of 2 without an image");
        Should.Throw<ArgumentException>(() => new ZeroPaddingShortcut(4, 0)).Message.ShouldContain(
            "expected at least 1");
        Should.Throw<ArgumentException>(() => Apply(
            new Residual("block", [Linear("linear-1", 6, 5)], shortcut: new ZeroPaddingShortcut(5)),
            Random(new Shape(2, 6), 1)))
            .Message.ShouldContain("has more than 5 features");
    }

    [Fact]
    public void A_branch_that_changes_the_shape_is_refused_by_every_sum()
    {
        foreach (Func<IReadOnlyList<Module>, SkipBlock> make in Blocks[..^1])
            Should.Throw<ArgumentException>(() => Apply(make([Linear("linear-1", 6, 5)]), Random(new Shape(2, 6), 1)))
                .Message.ShouldContain(
                    "the branch of block gives [2, 5], and [2, 6] lies beside it; expected the same shape");
        Should.Throw<ArgumentException>(
            () => Apply(new DenseConcat("b", [new Flatten("f")]), Random(new Shape(2, 3, 4), 1)))
            .Message.ShouldContain("cannot concatenate [2, 12] behind [2, 3, 4]");
    }

    private static IReadOnlyList<Module> Branch() =>
        [Linear("linear-1", 6, 9), new Tanh("tanh-1"), Linear("linear-2", 9, 6)];

    private static Linear Linear(string name, int inputs, int outputs)
    {
        Linear drawn = ModuleTests.Linear(name, inputs, outputs, Initializers.LeCunNormal());
        return new Linear(
            name, new Parameter($"{name}.weight", drawn.Weight.Value.Clone(ElementType.Float64)),
            new Parameter($"{name}.bias", drawn.Bias!.Value.Clone(ElementType.Float64)));
    }

    private static Tensor Random(Shape shape, long seed) => ModuleTests.Random(shape, seed, ElementType.Float64);

    private static Tensor Apply(Module module, Tensor x)
    {
        using var tape = new Tape();
        return module.Apply(tape.Constant(x), ModuleTests.Training(0)).Value.Clone();
    }
}
