using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

/// <summary>Clipping that treats parameters, units or steps unlike each other.</summary>
public sealed class UnevenClippingTests
{
    private static readonly JsonElement Cases = Reference.Training.GetProperty("clipping");

    [Theory]
    [InlineData("per-parameter")]
    [InlineData("adaptive")]
    public void Gradients_agree_with_PyTorch_and_the_norms_are_told(string name)
    {
        JsonElement reference = Cases.GetProperty(name);
        Parameter[] parameters = FromReference(reference);
        GradientClipping clipping = name == "adaptive" ? new AdaptiveClip(0.1) : new ClipPerParameter(1);
        ClipResult result = clipping.ApplyInPlace(parameters);
        foreach ((Parameter parameter, double[] expected) in parameters.Zip(reference.Rows("after")))
            parameter.Gradient.ToDoubles().ShouldBe(expected, 1e-6);
        result.NormBefore.ShouldBe(Norm(reference.Rows("before")), 1e-6);
        result.NormAfter.ShouldBe(Norm(reference.Rows("after")), 1e-6);
        result.Coefficient.ShouldBe(result.NormAfter / result.NormBefore, 1e-12);
        result.Coefficient.ShouldBeLessThan(1);
        clipping.State.ShouldBeEmpty();
    }

    [Fact]
    public void Adaptive_clipping_is_the_same_in_float64()
    {
        JsonElement reference = Cases.GetProperty("adaptive");
        Parameter[] single = FromReference(reference), twice = FromReference(reference, ElementType.Float64);
        new AdaptiveClip(0.1).ApplyInPlace(single);
        new AdaptiveClip(0.1).ApplyInPlace(twice);
        foreach ((Parameter a, Parameter b) in single.Zip(twice))
            b.Gradient.ToDoubles().ShouldBe(a.Gradient.ToDoubles(), 1e-7);
    }

    [Fact]
    public void Adaptive_clipping_lets_no_unit_change_by_more_than_its_share()
    {
        Parameter weight = Of("w", [2, 3], [3, 0, 4, 0, 0, 0], [30, 0, 40, 0, 2, 0]);
        Parameter exempt = Of("out", [1], [1], [100]);
        new AdaptiveClip(0.01, 0.5, [exempt]).ApplyInPlace([weight, exempt]);
        // The first row is 5 long, the second 0, for which ε stands.
        weight.Gradient.ToDoubles().ShouldBe([0.03, 0, 0.04, 0, 0.005, 0], 1e-7);
        exempt.Gradient[0].ShouldBe(100);
    }

    [Theory]
    [InlineData("per-parameter")]
    [InlineData("adaptive")]
    public void Where_nothing_is_clipped_the_norm_stays_the_same_bits(string name)
    {
        Parameter[] parameters = FromReference(Cases.GetProperty(name));
        double norm = GradientClipping.GlobalNorm(parameters);
        GradientClipping clipping = name == "adaptive" ? new AdaptiveClip(1e9) : new ClipPerParameter(1e9);
        clipping.ApplyInPlace(parameters).ShouldBe(new ClipResult(norm, norm, 1));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_not_finite_is_left_as_it_is_and_the_rest_is_clipped(double entry)
    {
        foreach (GradientClipping clipping in new GradientClipping[] { new ClipPerParameter(1), new AdaptiveClip(
            1, 1) })
        {
            Parameter[] parameters = [Of("a", [1], [0], [entry]), Of("b", [1], [0], [7])];
            ClipResult result = clipping.ApplyInPlace(parameters);
            (result.NormBefore, result.NormAfter, result.Coefficient).ShouldBe((entry, entry, 1));
            parameters[0].Gradient[0].ShouldBe(entry);
            parameters[1].Gradient[0].ShouldBe(1, 1e-5);
        }
        var byPercentile = new ClipByPercentile();
        byPercentile.ApplyInPlace([Of("a", [1], [0], [entry])]).ShouldBe(new ClipResult(entry, entry, 1));
        byPercentile.State["history"].Size.ShouldBe(0);
    }

    public static TheoryData<int> Percentiles => [0, 1, 2];

    [Theory, MemberData(nameof(Percentiles))]
    public void Bounds_are_the_percentiles_of_NumPy(int index)
    {
        JsonElement reference = Cases.GetProperty("percentiles")[index];
        var clipping = new ClipByPercentile(reference.GetProperty("percent").GetDouble());
        foreach ((double norm, double bound) in reference.Numbers("norms").Zip(reference.Numbers("bounds")))
        {
            Parameter parameter = Of("w", [1], [0], [norm], ElementType.Float64);
            ClipResult result = clipping.ApplyInPlace([parameter]);
            result.Coefficient.ShouldBe(Math.Min(1, bound / (norm + 1e-6)), 1e-12);
            parameter.Gradient[0].ShouldBe(norm * result.Coefficient, 1e-12);
        }
        clipping.State["history"].ToDoubles().ShouldBe(reference.Numbers("norms"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(7)]
    public void A_window_forgets_what_lies_before_it_and_a_loaded_history_goes_on_alike(int? window)
    {
        var whole = new ClipByPercentile(30, window);
        var resumed = new ClipByPercentile(30, window);
        for (int i = 0; i < 40; i++)
        {
            if (i == 19) resumed.LoadState(whole.State);
            // Values come again, so that equal norms are told apart by nothing but their number.
            double norm = 1 + i * 7 % 5;
            double coefficient = Clip(whole, norm);
            if (i >= 19) Clip(resumed, norm).ShouldBe(coefficient);
        }
        whole.State["history"].Size.ShouldBe(window ?? 40);
        resumed.State["history"].ToDoubles().ShouldBe(whole.State["history"].ToDoubles());
    }

    [Fact]
    public void A_state_of_something_else_is_refused() =>
        Should.Throw<ArgumentException>(() => new ClipByPercentile().LoadState(new Dictionary<string, Tensor>()))
            .Message.ShouldContain("expected that of 'percentile'");

    [Fact]
    public void Impossible_bounds_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new ClipPerParameter(0));
        Should.Throw<ArgumentOutOfRangeException>(() => new AdaptiveClip(double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => new AdaptiveClip(epsilon: 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new ClipByPercentile(100.1));
        Should.Throw<ArgumentOutOfRangeException>(() => new ClipByPercentile(double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => new ClipByPercentile(window: 0));
    }

    private static double Clip(ClipByPercentile clipping, double norm) =>
        clipping.ApplyInPlace([Of("w", [1], [0], [norm])]).Coefficient;

    private static Parameter[] FromReference(JsonElement reference, ElementType type = ElementType.Float32) =>
    [
        .. reference.GetProperty("shapes").EnumerateArray().Select((shape, i) => Of(
            $"{i}", [.. shape.Numbers().Select(n => (int)n)], reference.Rows("weights")[i], reference.Rows("before")[i],
            type)),
    ];

    private static Parameter Of(
        string name, int[] shape, double[] values, double[] gradient, ElementType type = ElementType.Float32)
    {
        var parameter = new Parameter(name, Tensor.From(values).Reshape(new Shape(shape)).Clone(type));
        using var tape = new Tape();
        tape.Backward(tape.Use(parameter), Tensor.From(gradient).Reshape(new Shape(shape)).Clone(type));
        return parameter;
    }

    private static double Norm(double[][] rows) => Math.Sqrt(rows.Sum(row => row.Sum(x => x * x)));
}
