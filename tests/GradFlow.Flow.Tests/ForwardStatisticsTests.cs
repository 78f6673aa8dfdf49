using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

public sealed class ForwardStatisticsTests
{
    private static readonly Tensor Input = Nets.Normal("input", ElementType.Float32, 1, 16, 5);

    [Fact]
    public void Mean_std_and_rms_are_those_of_each_layers_output()
    {
        Module[] modules = [Nets.Linear("linear-1", 5, 7, 2, biasStd: 1), new Sigmoid("sigmoid-1"),
        Nets.Linear("linear-2", 7, 4)];
        (_, Frame frame) = Watched.Once(Nets.Chain(modules), Input);
        ForwardStatistics forward = frame.Forward.ShouldNotBeNull();
        Tensor x = Input;
        for (int i = 0; i < modules.Length; i++)
        {
            x = NumericBackward.Output(modules[i], x);
            double[] values = x.ToDoubles();
            double mean = values.Average();
            forward.Mean![i]!.Value.ShouldBe(mean, 1e-9);
            forward.Std![i]!.Value.ShouldBe(Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), 1e-7);
            forward.Rms![i]!.Value.ShouldBe(Math.Sqrt(values.Average(v => v * v)), 1e-9);
            forward.NonFinite![i].ShouldBe(0);
        }
    }

    [Fact]
    public void The_saturated_share_counts_slopes_below_a_twentieth_of_the_largest()
    {
        Activation[] bounded = [new Sigmoid("phi"), new Tanh("phi"), new Softsign("phi"), new HardTanh("phi")];
        foreach (Activation activation in bounded)
        {
            Linear first = Nets.Linear("linear-1", 5, 40, 2);
            (_, Frame frame) = Watched.Once(Nets.Chain(first, activation, Nets.Linear("linear-2", 40, 2)), Input);
            double[] inputs = NumericBackward.Output(first, Input).ToDoubles();
            double expected = inputs.Average(
                x => Math.Abs(activation.SlopeAt(x)) < 0.05 * activation.LargestSlope ? 1 : 0);
            expected.ShouldBeInRange(0.1, 0.9);
            frame.Forward!.SaturatedShare![1].ShouldBe(expected);
            frame.Forward.SaturatedShare[0].ShouldBeNull();
            frame.Forward.DeadShare![1].ShouldBeNull();
        }
    }

    [Fact]
    public void A_side_that_is_flat_from_0_on_is_silent_rather_than_saturated()
    {
        foreach ((Activation activation, double top) in new (Activation, double)[]
            {
                (new Relu6("phi"), 6), (new HardTanh("phi", 0, 2), 2),
            })
        {
            Linear first = Nets.Linear("linear-1", 5, 40, 2);
            (_, Frame frame) = Watched.Once(Nets.Chain(first, activation, Nets.Linear("linear-2", 40, 2)), Input);
            double expected = NumericBackward.Output(first, Input).ToDoubles().Average(x => x >= top ? 1 : 0);
            expected.ShouldBeInRange(0.02, 0.45);
            frame.Forward!.SaturatedShare![1].ShouldBe(expected);
        }
    }

    [Fact]
    public void Outputs_that_are_not_finite_are_counted()
    {
        Tensor input = Input.Clone();
        input[3, 2] = double.PositiveInfinity;
        (_, Frame frame) = Watched.Once(Nets.Chain(Nets.Linear("linear-1", 5, 7), new Relu("relu-1")), input);
        frame.Forward!.NonFinite![0].ShouldBe(7);
        double.IsFinite(frame.Forward.Mean![0]!.Value).ShouldBeFalse();
    }

    [Fact]
    public void A_unit_is_dead_only_after_a_whole_epoch_and_no_longer_once_it_wakes()
    {
        // Unit i of the layer is ReLU of the input's column i.
        var net = Nets.Chain(
            new Linear("linear-1", new Parameter("linear-1.weight", Identity(4)), null), new Relu("relu-1"));
        Tensor sleeping = Tensor.From([1f, 1, -1, -1, 1, -1, -1, -1], 2, 4);
        var watched = new Watched(net, sleeping);
        DeadShare(watched, sleeping).ShouldBeNull();
        DeadShare(watched, sleeping).ShouldBeNull();
        watched.Watch.EndEpoch();
        DeadShare(watched, sleeping).ShouldBe(0.5);
        DeadShare(watched, Tensor.From([-1f, -1, -1, 1, -1, -1, -1, -1], 2, 4)).ShouldBe(
            0.25, "unit 3 woke, unit 2 did not");
        watched.Watch.EndEpoch();
        DeadShare(watched, sleeping).ShouldBe(0.25, "units 0, 1 and 3 were alive in that epoch");
        watched.Watch.EndEpoch();
        DeadShare(watched, sleeping).ShouldBe(0.5);
    }

    [Fact]
    public void A_channel_of_images_is_a_unit_and_one_living_place_keeps_it_alive()
    {
        // Channel i of the layer is ReLU of the input's channel i.
        var weight = new Parameter("conv2d-1.weight", Identity(3).Reshape(new Shape(3, 3, 1, 1)));
        var net = Nets.Chain(
            new Conv2d("conv2d-1", weight, null, new Convolution(Window.Single, Window.Single)), new Relu("relu-1"));
        Tensor x = Tensor.Full(new Shape(2, 3, 2, 2), -1);
        x[0, 0, 1, 1] = 1;
        x[1, 2, 0, 1] = 1;
        var watched = new Watched(net, x);
        watched.Structure.Signals.Select(s => s.Units).ShouldBe([3, 3]);
        DeadShare(watched, x).ShouldBeNull();
        watched.Watch.EndEpoch();
        DeadShare(watched, x).ShouldBe(1 / 3.0);
    }

    private static double? DeadShare(Watched watched, Tensor input) => watched.Step(input, 0)!.Forward!.DeadShare![1];

    private static Tensor Identity(int n)
    {
        Tensor eye = Tensor.Zeros(new Shape(n, n));
        for (int i = 0; i < n; i++) eye[i, i] = 1;
        return eye;
    }
}
