using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class LsuvTests
{
    private static readonly Tensor Batch = ModuleTests.Random(new Shape(64, 10), 1);

    [Fact]
    public void Every_layer_gives_unit_variance_on_the_first_batch()
    {
        Module net = Net(out Linear[] layers);
        Lsuv.ScaleInPlace(net, Batch, ModuleTests.Training(0));
        foreach ((Linear layer, double variance) in layers.Zip(Variances(net, layers)))
            variance.ShouldBe(1, 0.01, layer.Name);
    }

    [Fact]
    public void A_normalised_weight_is_scaled_by_its_length()
    {
        Linear plain = ModuleTests.Linear("linear-1", 10, 6, Initializers.HeNormal());
        var layer = new Linear("linear-1", plain.Weight, null, IWeightLayer.WeightScaleOf(plain.Weight));
        double[] directions = plain.Weight.Value.ToDoubles();
        Lsuv.ScaleInPlace(layer, Batch, ModuleTests.Training(0));
        Variances(layer, [layer]).Single().ShouldBe(1, 0.01);
        layer.Weight.Value.ToDoubles().ShouldBe(directions);
    }

    [Fact]
    public void Layers_that_are_left_out_and_running_averages_stay_as_they_are()
    {
        Module net = Net(out Linear[] layers);
        double[] first = layers[0].Weight.Value.ToDoubles();
        double[][] buffers = [.. net.AllBuffers().Select(b => b.Value.ToDoubles())];
        Lsuv.ScaleInPlace(net, Batch, ModuleTests.Training(0), module => module != layers[0]);
        layers[0].Weight.Value.ToDoubles().ShouldBe(first);
        net.AllBuffers().Select(b => b.Value.ToDoubles()).ShouldBe(buffers);
        Variances(net, layers).Skip(1).ShouldAllBe(variance => Math.Abs(variance - 1) < 0.01);
    }

    [Fact]
    public void Weights_of_zero_are_left_alone()
    {
        Linear layer = ModuleTests.Linear("linear-1", 10, 6, Initializers.Zeros());
        Lsuv.ScaleInPlace(layer, Batch, ModuleTests.Training(0));
        layer.Weight.Value.ToDoubles().ShouldAllBe(w => w == 0);
        Should.Throw<ArgumentOutOfRangeException>(() => Lsuv.ScaleInPlace(layer, Batch, default, tolerance: 0));
    }

    private static Sequential Net(out Linear[] layers)
    {
        Linear Make(int number, int inputs) =>
            ModuleTests.Linear($"linear-{number}", inputs, 12, Initializers.Uniform(0.7), number);
        layers = [Make(1, 10), Make(2, 12), Make(3, 12), Make(4, 12)];
        foreach (Linear layer in layers)
            Kernels.FillNormalInPlace(layer.Bias!.Value, new RandomKey(1, layer.Name), 0, 0.5);
        return new Sequential("net",
        [
            layers[0], new BatchNorm("batch-norm-1", 12), new Relu("relu-1"),
            new Residual("residual-1", [layers[1], new Tanh("tanh-1"), layers[2]]), layers[3],
        ]);
    }

    private static List<double> Variances(Module net, IReadOnlyList<Linear> layers)
    {
        using var tape = new Tape();
        net.Apply(tape.Constant(Batch), ModuleTests.Training(0));
        return [.. layers.Select(layer =>
        {
            double[] y = tape.Variables.Last(v => v.Scope == layer.Name).Value.ToDoubles();
            double mean = y.Average();
            return y.Average(value => (value - mean) * (value - mean));
        })];
    }
}
