using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

public sealed class DeepNetTests
{
    private static readonly Tensor Input = Nets.Normal("input", ElementType.Float32, 1, 4, 4);

    [Fact]
    public void A_thousand_sigmoid_layers_vanish_far_below_any_float_and_stay_finite()
    {
        var modules = new List<Module>();
        for (int i = 1; i <= 1000; i++)
            modules.AddRange([Nets.Linear($"linear-{i}", 4, 4, 0.15), new Sigmoid($"sigmoid-{i}")]);
        (RunStructure structure, Frame frame) = Watched.Once(Nets.Chain([.. modules]), Input);
        structure.Depth.ShouldBe(1000);
        double[] norms = frame.CutNorms!.Select(n => n!.Value).ToArray();
        norms.ShouldAllBe(norm => double.IsFinite(norm));
        norms[0].ShouldBeLessThan(-600);
        norms.ShouldBeInOrder(SortDirection.Ascending);
        frame.PartGains!.Sum(g => g!.Value).ShouldBe(norms[0] - norms[^1], 1e-9);
    }

    /// <summary>
    /// A vector's norm through a Gaussian matrix is a chi variable, so its log is known exactly (Newman 1986).
    /// </summary>
    [Fact]
    public void Ten_thousand_layers_are_measured_in_one_pass_and_add_up_to_the_law_of_random_products()
    {
        const int Depth = 10_000, Width = 4;
        const double Gain = 0.5, DigammaAt2 = 0.42278433509846714, TrigammaAt2 = 0.64493406684822644;
        Module[] layers = [.. Enumerable.Range(1, Depth)
            .Select(i => (Module)Nets.Linear($"linear-{i}", Width, Width, Gain / Math.Sqrt(Width)))];
        (RunStructure structure, Frame frame) = Watched.Once(
            Nets.Chain(layers), Nets.Normal("input", ElementType.Float32, 1, 1, Width));
        structure.Links.Count.ShouldBe(Depth - 1);
        double[] norms = [.. frame.CutNorms!.Select(norm => norm!.Value)];
        frame.PartGains!.Sum(gain => gain!.Value).ShouldBe(norms[0] - norms[^1], 1e-8);
        double perLayer = Math.Log(Gain) + ((Math.Log(2) + DigammaAt2 - Math.Log(Width)) / 2);
        double standardError = Math.Sqrt(TrigammaAt2 / 4 * (Depth - 1));
        ((norms[0] - norms[^1]) * Math.Log(10)).ShouldBe((Depth - 1) * perLayer, 3 * standardError);
    }

    [Fact]
    public void A_parameter_whose_gradient_no_float_holds_has_its_norm_and_exponents_all_the_same()
    {
        var modules = new List<Module>();
        for (int i = 1; i <= 300; i++)
            modules.AddRange([Nets.Linear($"linear-{i}", 4, 4, 0.4), new Sigmoid($"sigmoid-{i}")]);
        (_, Frame frame) = Watched.Once(Nets.Chain([.. modules]), Input);
        ParameterStatistics statistics = frame.Parameters.ShouldNotBeNull();
        double norm = statistics.GradientNorm![0]!.Value;
        norm.ShouldBeInRange(frame.CutNorms![0]!.Value - 2, frame.CutNorms[0]!.Value + 2);
        norm.ShouldBeLessThan(-60);
        statistics.ZeroShare![0].ShouldBe(1);
        ExponentHistogram exponents = statistics.Exponents![0].ShouldNotBeNull();
        exponents.Counts.Sum().ShouldBe(16);
        (exponents.First + exponents.Counts.Count - 1).ShouldBe(
            (int)Math.Floor(statistics.GradientMaxAbs![0]!.Value / Math.Log10(2)));
    }

    [Fact]
    public void Growing_gradients_pass_the_largest_float()
    {
        Module[] growing = Enumerable.Range(1, 40).Select(i => (Module)Nets.Linear($"linear-{i}", 4, 4, 30)).ToArray();
        (_, Frame frame) = Watched.Once(Nets.Chain(growing), Nets.Normal("input", ElementType.Float32, 1e-30, 4, 4));
        frame.CutNorms![0]!.Value.ShouldBeGreaterThan(38.6);
        frame.CutNorms.ShouldAllBe(norm => double.IsFinite(norm!.Value));
    }

    [Fact]
    public void Exact_zeros_are_minus_infinity_and_nothing_of_nothing_is_undefined()
    {
        Sequential net = Nets.Chain(
            Nets.Linear("linear-1", 4, 4), new Tanh("tanh-1"), Nets.Constant("linear-2", 4, 0), new Tanh("tanh-2"),
            Nets.Linear("linear-3", 4, 2));
        (_, Frame frame) = Watched.Once(net, Input);
        frame.CutNorms![0].ShouldBe(double.NegativeInfinity);
        frame.CutNorms[1].ShouldBe(double.NegativeInfinity);
        double.IsFinite(frame.CutNorms[2]!.Value).ShouldBeTrue();
        double.IsNaN(frame.PartGains![0]!.Value).ShouldBeTrue("0/0");
        frame.PartGains[1].ShouldBe(double.NegativeInfinity);
        frame.Parameters!.GradientNorm![0].ShouldBe(double.NegativeInfinity);
        frame.Parameters.Exponents![0].ShouldBeNull();
    }

    [Fact]
    public void A_branch_that_passes_nothing_leaves_the_whole_link_to_the_skip()
    {
        Sequential net = Nets.Chain(
            Nets.Linear("linear-1", 4, 4), new Residual("block", [Nets.Constant("linear-a", 4, 0)]),
            Nets.Linear("linear-2", 4, 2));
        (_, Frame frame) = Watched.Once(net, Input);
        frame.PartGains![0].ShouldBe(double.NegativeInfinity);
        frame.PartGains[1].ShouldBe(0);
    }
}
