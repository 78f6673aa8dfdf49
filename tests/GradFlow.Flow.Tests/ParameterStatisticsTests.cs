using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

public sealed class ParameterStatisticsTests
{
    private static readonly Tensor Input = Nets.Normal("input", ElementType.Float32, 1, 16, 5);

    [Fact]
    public void Weights_gradients_and_updates_are_measured_as_their_names_say()
    {
        Linear first = Nets.Linear("linear-1", 5, 7, 0.5, biasStd: 0.1);
        Sequential net = Nets.Chain(first, new Relu("relu-1"), Nets.Linear("linear-2", 7, 4));
        var watched = new Watched(net, Input);
        double[] start = first.Weight.Value.ToDoubles();
        watched.Step(Input);
        double[] before = first.Weight.Value.ToDoubles();
        ParameterStatistics statistics = watched.Step(Input)!.Parameters.ShouldNotBeNull();
        double[] after = first.Weight.Value.ToDoubles(), gradient = first.Weight.Gradient.ToDoubles();

        statistics.WeightNorm![0]!.Value.ShouldBe(Norm(before), 1e-6);
        statistics.UpdateRatio![0]!.Value.ShouldBe(Norm(after.Zip(before, (a, b) => a - b)) / Norm(before), 1e-6);
        statistics.Distance![0]!.Value.ShouldBe(Norm(before.Zip(start, (a, b) => a - b)) / Norm(start), 1e-6);
        statistics.GradientNorm![0]!.Value.ShouldBe(Math.Log10(Norm(gradient)), 1e-6);
        statistics.GradientMeanAbs![0]!.Value.ShouldBe(Math.Log10(gradient.Average(Math.Abs)), 1e-6);
        statistics.GradientMaxAbs![0]!.Value.ShouldBe(Math.Log10(gradient.Max(Math.Abs)), 1e-6);
        statistics.ZeroShare![0].ShouldBe(gradient.Average(g => g == 0 ? 1 : 0));
        statistics.NonFinite![0].ShouldBe(0);
    }

    [Fact]
    public void Exponents_are_counted_per_binade()
    {
        Linear first = Nets.Linear("linear-1", 5, 7);
        (_, Frame frame) = Watched.Once(Nets.Chain(first, new Tanh("tanh-1"), Nets.Linear("linear-2", 7, 4)), Input);
        ExponentHistogram histogram = frame.Parameters!.Exponents![0].ShouldNotBeNull();
        IGrouping<int, double>[] expected =
            [.. first.Weight.Gradient.ToDoubles().Where(g => g != 0).GroupBy(g => Math.ILogB(g)).OrderBy(g => g.Key)];
        histogram.First.ShouldBe(expected[0].Key);
        for (int i = 0; i < histogram.Counts.Count; i++)
            histogram.Counts[i].ShouldBe(expected.SingleOrDefault(g => g.Key == histogram.First + i)?.Count() ?? 0);
    }

    [Fact]
    public void Histograms_can_be_left_out()
    {
        Sequential net = Nets.Chain(Nets.Linear("linear-1", 5, 7), new Tanh("tanh-1"), Nets.Linear("linear-2", 7, 4));
        ParameterStatistics with = new Watched(net, Input).Step(Input, 0)!.Parameters.ShouldNotBeNull();
        var watched = new Watched(net, Input, Watched.EveryStep with { HasHistograms = false });
        ParameterStatistics without = watched.Step(Input, 0)!.Parameters.ShouldNotBeNull();
        without.Exponents.ShouldBeNull();
        without.GradientNorm.ShouldBe(with.GradientNorm);
    }

    [Fact]
    public void Exponents_below_the_range_of_float32_are_counted_too()
    {
        // dL/dw = x·2^-300, for x = 1.5, −6 and 0.
        var net = Nets.Chain(
            new Linear("linear-1", new Parameter("linear-1.weight", Tensor.Full(new Shape(1, 3), 1)), null));
        Tensor input = Tensor.From([1.5f, -6, 0], 1, 3);
        double factor = Math.ScaleB(1, -100);
        var watched = new Watched(net, input) { Loss = y => Ops.Sum(factor * (factor * (factor * y))) };
        ParameterStatistics statistics = watched.Step(input)!.Parameters.ShouldNotBeNull();
        ExponentHistogram histogram = statistics.Exponents![0].ShouldNotBeNull();
        histogram.First.ShouldBe(-300);
        histogram.Counts.ShouldBe([1, 0, 1]);
        statistics.GradientMaxAbs![0]!.Value.ShouldBe(Math.Log10(6) - 300 * Math.Log10(2), 1e-9);
        statistics.ZeroShare![0].ShouldBe(1, "none of it is left in float32");
    }

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void Subnormal_entries_have_their_own_exponents(ElementType type)
    {
        // dL/dw = x, two entries of which float32 can only hold as subnormal numbers.
        double tiny = Math.ScaleB(1.5, -133);
        var weight = new Parameter("linear-1.weight", Tensor.Full(new Shape(1, 4), 1, type));
        Tensor input = Tensor.From([1.0, 0, tiny, -tiny], 1, 4).Clone(type);
        var watched = new Watched(Nets.Chain(new Linear("linear-1", weight, null)), input) { Loss = Ops.Sum };
        ExponentHistogram histogram = watched.Step(input)!.Parameters!.Exponents![0].ShouldNotBeNull();
        histogram.First.ShouldBe(-133);
        histogram.Counts[0].ShouldBe(2);
        histogram.Counts[^1].ShouldBe(1);
        histogram.Counts.Count.ShouldBe(134);
    }

    [Fact]
    public void Shares_of_a_parameter_that_was_zero_are_undefined()
    {
        (RunStructure structure, Frame frame) = Watched.Once(Nets.Chain(Nets.Linear("linear-1", 5, 7)), Input, 0.1);
        structure.Parameters[1].Role.ShouldBe("bias");
        frame.Parameters!.WeightNorm![1].ShouldBe(0);
        double.IsNaN(frame.Parameters.UpdateRatio![1]!.Value).ShouldBeTrue();
        double.IsNaN(frame.Parameters.Distance![1]!.Value).ShouldBeTrue();
    }

    [Fact]
    public void Gradients_are_measured_before_anybody_clips_or_clears_them()
    {
        Linear layer = Nets.Linear("linear-1", 5, 7);
        Tensor input = Input.Clone();
        input[0, 0] = double.NaN;
        var watched = new Watched(Nets.Chain(layer), input);
        watched.Watch.BeginStep(0);
        using (var tape = new Tape(null, watched.Watch))
        {
            Variable loss = Nets.RandomLoss(layer.Apply(tape.Constant(input), new Pass(true, default)));
            watched.Watch.BeforeBackward(tape, loss);
            tape.Backward(loss);
        }
        watched.Watch.BeforeUpdate();
        layer.Weight.ClearGradient();
        Kernels.FillInPlace(layer.Weight.Gradient, 0);
        ParameterStatistics statistics = watched.Watch.AfterUpdate()!.Parameters.ShouldNotBeNull();
        statistics.NonFinite![0].ShouldBe(7);
        statistics.ZeroShare![0].ShouldBe(0);
    }

    [Fact]
    public void The_cosine_is_that_with_the_gradient_of_the_step_before()
    {
        Sequential net = Nets.Chain(Nets.Linear("linear-1", 5, 7), new Tanh("tanh-1"), Nets.Linear("linear-2", 7, 4));
        double[] Gradient() => net.AllParameters().SelectMany(p => p.Gradient.ToDoubles()).ToArray();
        var watched = new Watched(net, Input);
        watched.Step(Input)!.GradientCosine.ShouldBeNull();
        double[] old = Gradient();
        Tensor other = Nets.Normal("other", ElementType.Float32, 1, 16, 5);
        double cosine = watched.Step(other)!.GradientCosine.ShouldNotBeNull();
        double[] present = Gradient();
        cosine.ShouldBe(old.Zip(present, (a, b) => a * b).Sum() / Norm(old) / Norm(present), 1e-6);
        cosine.ShouldBeInRange(-0.999, 0.999);
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));
}
