using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class RegularizerTests
{
    public static TheoryData<string> Names { get; } =
        [.. Reference.Cases("regularizers").Select(c => c.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public void Penalty_and_gradient_agree_with_PyTorch(string name)
    {
        JsonElement reference = Reference.Case("regularizers", name);
        Parameter parameter = Of([.. reference.Numbers("shape").Select(n => (int)n)], reference.Numbers("weight"));
        Regularizer regularizer = Make(reference.GetProperty("kind").GetString()!, 0.3, parameter);
        if (regularizer is SpectralNorm spectral) spectral.LoadState(new Dictionary<string, Tensor>
        {
            ["w"] = Row(reference.Numbers("u")),
        });
        foreach (double penalty in reference.Numbers("penalties"))
        {
            (regularizer as SpectralNorm)?.Iterate();
            PenaltyOf(regularizer, parameter).ShouldBe(penalty, 1e-11);
        }
        parameter.Gradient.ToDoubles().ShouldBe(reference.Numbers("gradient"), 1e-11);
    }

    [Theory]
    [InlineData("l1")]
    [InlineData("l2")]
    [InlineData("orthogonality")]
    [InlineData("spectral-norm")]
    public void Gradients_are_those_of_central_differences(string kind)
    {
        double[] values = [.. Enumerable.Range(0, 12).Select(i => new RandomKey(5, kind).Normal(i))];
        Parameter parameter = Of([3, 2, 2], values);
        Regularizer regularizer = Make(kind, 0.7, parameter);
        for (int i = 0; i < 200; i++) (regularizer as SpectralNorm)?.Iterate();
        PenaltyOf(regularizer, parameter);
        double[] gradient = parameter.Gradient.ToDoubles();
        double slope = 0, along = 0;
        const double Step = 1e-6;
        for (int sign = -1; sign <= 1; sign += 2)
        {
            for (int i = 0; i < 12; i++)
                parameter.Value.Reshape(new Shape(12))[i] = values[i] + sign * Step * Math.Cos(i);
            for (int i = 0; i < 200; i++) (regularizer as SpectralNorm)?.Iterate();
            slope += sign * PenaltyOf(regularizer, parameter) / (2 * Step);
        }
        for (int i = 0; i < 12; i++) along += gradient[i] * Math.Cos(i);
        along.ShouldBe(slope, 1e-7);
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(5, 3)]
    public void Orthonormal_rows_or_columns_cost_nothing(int rows, int columns)
    {
        Parameter parameter = Of([rows, columns], new double[rows * columns]);
        Initializers.Orthogonal(1).FillInPlace(parameter.Value, new RandomKey(1, "init"));
        PenaltyOf(new Orthogonality(1, [parameter]), parameter).ShouldBe(0, 1e-12);
        parameter.Gradient.ToDoubles().ShouldAllBe(g => Math.Abs(g) < 1e-12);
    }

    [Fact]
    public void Magnitudes_pull_zeros_nowhere()
    {
        Parameter parameter = Of([3], [-2, 0, 0.5]);
        PenaltyOf(new L1(2, [parameter]), parameter).ShouldBe(5);
        parameter.Gradient.ToDoubles().ShouldBe([-2, 0, 2]);
    }

    [Fact]
    public void Power_iteration_finds_the_largest_singular_value()
    {
        Parameter parameter = Of([2, 3], [3, 0, 0, 0, -5, 0]);
        var regularizer = new SpectralNorm(2, [parameter], seed: 1);
        for (int i = 0; i < 60; i++) regularizer.Iterate();
        PenaltyOf(regularizer, parameter).ShouldBe(25, 1e-9);
        parameter.Gradient.ToDoubles().ShouldBe([0, 0, 0, 0, -10, 0], 1e-9);
    }

    [Fact]
    public void Power_iteration_outlives_weights_that_are_not_finite()
    {
        Parameter parameter = Of([2, 2], [1, 2, 3, 4]);
        var regularizer = new SpectralNorm(1, [parameter], seed: 1);
        double[] before = regularizer.State["w"].ToDoubles();
        parameter.Value[0, 0] = double.NaN;
        regularizer.Iterate();
        regularizer.State["w"].ToDoubles().ShouldBe(before);
    }

    [Fact]
    public void Frozen_parameters_are_left_out_and_none_at_all_is_no_penalty()
    {
        Parameter frozen = Of([1], [1]);
        frozen.IsFrozen = true;
        using var tape = new Tape();
        new L2(1, [frozen]).Penalty(tape).ShouldBeNull();
        new L2(1, []).Penalty(tape).ShouldBeNull();
    }

    [Fact]
    public void Impossible_regularisers_are_refused()
    {
        Parameter vector = Of([2], [1, 2]), matrix = Of([1, 2], [1, 2]);
        Should.Throw<ArgumentOutOfRangeException>(() => new L1(-1, []));
        Should.Throw<ArgumentException>(() => new Orthogonality(1, [vector])).Message.ShouldContain(
            "'w' has shape [2]");
        Should.Throw<ArgumentException>(() => new SpectralNorm(1, [vector], 0)).Message.ShouldContain("two dimensions");
        Should.Throw<ArgumentException>(
            () => new SpectralNorm(1, [matrix], 0).LoadState(new Dictionary<string, Tensor>()))
            .Message.ShouldContain("no 'w' of shape [1, 1]");
    }

    private static Regularizer Make(string kind, double factor, Parameter parameter) => kind switch
    {
        "l1" => new L1(factor, [parameter]),
        "l2" => new L2(factor, [parameter]),
        "orthogonality" => new Orthogonality(factor, [parameter]),
        _ => new SpectralNorm(factor, [parameter], seed: 3),
    };

    private static double PenaltyOf(Regularizer regularizer, Parameter parameter)
    {
        parameter.ClearGradient();
        using var tape = new Tape();
        Variable penalty = regularizer.Penalty(tape)!;
        tape.Backward(penalty);
        return penalty.Value[[]];
    }

    private static Tensor Row(double[] values) => Tensor.From(values).Reshape(new Shape(1, values.Length));

    private static Parameter Of(int[] shape, double[] values) =>
        new("w", Tensor.From(values).Reshape(new Shape(shape)));
}
