using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class NormalizationTests
{
    private static readonly JsonElement[] Maps =
        [.. Reference.Root.GetProperty("modules").GetProperty("maps").EnumerateArray()];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Batch_norm_of_feature_maps_trains_and_evaluates_as_in_PyTorch(int index)
    {
        JsonElement reference = Maps[index];
        int[] shape = [.. reference.Numbers("shape").Select(extent => (int)extent)];
        var norm = new BatchNorm("batch-norm-1", shape[1], channelsFirst: true);
        Kernels.Copy(reference.Numbers("gain").ToTensor(), norm.Gain.Value);
        Kernels.Copy(reference.Numbers("shift").ToTensor(), norm.Shift.Value);
        double[][] inputs = reference.Rows("inputs");
        foreach ((double[] input, double[] expected) in inputs.Zip(reference.Rows("training")))
            Apply(norm, input.ToTensor(extents: shape), ModuleTests.Training(0)).ToDoubles().ShouldBe(expected, 1e-5);
        norm.RunningMean.ToDoubles().ShouldBe(reference.Numbers("running_mean"), 1e-6);
        norm.RunningVariance.ToDoubles().ShouldBe(reference.Numbers("running_variance"), 1e-6);
        Apply(norm, inputs[2].ToTensor(extents: shape), Pass.Evaluation).ToDoubles()
            .ShouldBe(reference.Numbers("evaluation"), 1e-5);
    }

    [Fact]
    public void Sequences_are_normalised_by_their_last_dimension_and_maps_by_their_second()
    {
        Tensor x = ModuleTests.Random(new Shape(4, 6, 6), 1), turned = x.Transpose().Clone();
        double[] ofMaps = Apply(new BatchNorm("n", 6, channelsFirst: true), x, ModuleTests.Training(0)).ToDoubles();
        Tensor ofSequence = Apply(new BatchNorm("n", 6), turned, ModuleTests.Training(0));
        ofSequence.Transpose().Clone().ToDoubles().ShouldBe(ofMaps, 1e-5);

        // A group of one feature spans the places of a map, but one number of a time step, of which nothing is left.
        var group = new GroupNorm("n", 6, 6, channelsFirst: true);
        Apply(group, x, ModuleTests.Training(0)).ToDoubles().Average(y => y * y).ShouldBe(1, 1e-3);
        Apply(new GroupNorm("n", 6, 6), turned, ModuleTests.Training(0)).ToDoubles().ShouldAllBe(y => y == 0);
    }

    [Fact]
    public void One_group_is_layer_norm_and_each_sample_is_normalised_alone()
    {
        Tensor x = ModuleTests.Random(new Shape(5, 8), 1);
        double[] layer = Apply(new LayerNorm("n", 8), x, ModuleTests.Training(0)).ToDoubles();
        Apply(new GroupNorm("n", 1, 8), x, ModuleTests.Training(0)).ToDoubles().ShouldBe(layer, 1e-6);
        Tensor alone = x.Slice(0, 3, 1).Clone();
        Apply(new GroupNorm("n", 2, 8), alone, Pass.Evaluation).ToDoubles()
            .ShouldBe(Apply(new GroupNorm("n", 2, 8), x, Pass.Evaluation).Slice(0, 3, 1).ToDoubles());
        Should.Throw<ArgumentException>(() => new GroupNorm("n", 3, 8))
            .Message.ShouldContain("8 features don't fall into 3 groups; expected a divisor");
    }

    [Fact]
    public void Rms_norm_leaves_the_mean_and_makes_the_mean_square_one()
    {
        Tensor x = ModuleTests.Random(new Shape(2, 3, 40), 1, ElementType.Float64);
        Tensor y = Apply(new RmsNorm("n", 40, 0, ElementType.Float64), x, ModuleTests.Training(0));
        for (int row = 0; row < 6; row++)
        {
            double[] from = x.ToDoubles()[(40 * row)..(40 * row + 40)], to = y.ToDoubles()[(40 * row)..(40 * row + 40)];
            to.Average(v => v * v).ShouldBe(1, 1e-12);
            to.Average().ShouldBe(from.Average() / Math.Sqrt(from.Average(v => v * v)), 1e-12);
        }
    }

    [Fact]
    public void A_normalised_weight_starts_as_it_was_drawn_and_its_scale_alone_sets_its_length()
    {
        Linear plain = ModuleTests.Linear("linear-1", 6, 4, Initializers.HeNormal());
        var normalised = new Linear("linear-1", plain.Weight, plain.Bias, IWeightLayer.WeightScaleOf(plain.Weight));
        Tensor x = ModuleTests.Random(new Shape(3, 6), 1);
        double[] expected = Apply(plain, x, ModuleTests.Training(0)).ToDoubles();
        Apply(normalised, x, ModuleTests.Training(0)).ToDoubles().ShouldBe(expected, 1e-6);
        normalised.OwnParameters.Select(p => p.Name).ShouldBe(
            ["linear-1.weight", "linear-1.weight-scale", "linear-1.bias"]);

        Kernels.Scale(plain.Weight.Value, 64, plain.Weight.Value);
        Apply(normalised, x, ModuleTests.Training(0)).ToDoubles().ShouldBe(expected, 1e-6);
        Kernels.Scale(normalised.WeightScale!.Value, 2, normalised.WeightScale.Value);
        Apply(normalised, x, ModuleTests.Training(0)).ToDoubles().ShouldBe(expected.Select(y => 2 * y), 1e-5);
    }

    [Fact]
    public void A_normalised_weights_gradient_is_at_right_angles_to_it()
    {
        Linear plain = ModuleTests.Linear("linear-1", 6, 4, Initializers.HeNormal());
        var layer = new Linear("linear-1", plain.Weight, plain.Bias, IWeightLayer.WeightScaleOf(plain.Weight));
        using var tape = new Tape();
        Variable y = layer.Apply(tape.Constant(ModuleTests.Random(new Shape(3, 6), 1)), ModuleTests.Training(0));
        tape.Backward(Ops.Sum(Ops.Sin(y)));
        for (int unit = 0; unit < 4; unit++)
            Kernels.Dot(layer.Weight.Value.Slice(0, unit, 1), layer.Weight.Gradient.Slice(0, unit, 1)).ShouldBe(
                0, 1e-5);
    }

    [Theory]
    [InlineData("conv1d")]
    [InlineData("conv2d")]
    public void A_normalised_convolution_is_pytorchs_with_weight_norm_along_dimension_0(string name)
    {
        JsonElement expected = Reference.Case("weight_norm", name);
        Tensor Of(string key, string? shape = null) => Tensor.From(
            expected.Numbers(key), shape is null ? [] : [.. expected.Numbers(shape).Select(n => (int)n)]);
        Parameter v = new("v", Of("direction", "kernel")), g = new("g", Of("scale")), b = new("b", Of("bias"));
        Module conv = name == "conv1d"
            ? new Conv1d(name, v, b, new Convolution(Window.Single, new Window(3, Padding: 1), 2), g)
            : new Conv2d(name, v, b, new Convolution(new Window(3, 2, 1), new Window(3, 2, 1)), g);
        using var tape = new Tape();
        Variable y = conv.Apply(tape.Constant(Of("input", "shape")), ModuleTests.Training(0));
        tape.Backward(Ops.Sum(Ops.Sin(y)));
        y.Value.ToDoubles().ShouldBe(expected.Numbers("output"), 1e-12);
        v.Gradient.ToDoubles().ShouldBe(expected.Numbers("direction_gradient"), 1e-12);
        g.Gradient.ToDoubles().ShouldBe(expected.Numbers("scale_gradient"), 1e-12);
        b.Gradient.ToDoubles().ShouldBe(expected.Numbers("bias_gradient"), 1e-12);
    }

    [Fact]
    public void The_gradient_of_a_normalised_convolution_is_that_of_central_differences()
    {
        Tensor[] inputs =
        [
            ModuleTests.Random(new Shape(2, 3, 4, 5), 1, ElementType.Float64),
            ModuleTests.Random(new Shape(4, 3, 3, 2), 2, ElementType.Float64),
            ModuleTests.Random(new Shape(4), 3, ElementType.Float64),
        ];
        var how = new Convolution(new Window(3, Padding: 1), new Window(2));
        GradientCheck.Run((_, x) => Ops.Convolve(x[0], Ops.WeightNorm(x[1], x[2]), null, how), inputs)
            .RelativeError.ShouldBeLessThan(1e-7);
    }

    [Fact]
    public void A_weight_without_a_direction_can_not_be_normalised() =>
        Should.Throw<ArgumentException>(
            () => IWeightLayer.WeightScaleOf(new Parameter("w", Tensor.Zeros(new Shape(2, 3)))))
            .Message.ShouldContain("w has a unit whose weights are all 0");

    private static Tensor Apply(Module module, Tensor x, Pass pass)
    {
        using var tape = new Tape();
        return module.Apply(tape.Constant(x), pass).Value.Clone();
    }
}
