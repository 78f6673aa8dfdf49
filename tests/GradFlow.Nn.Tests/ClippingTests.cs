using System.Text.Json;
using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

public sealed class ClippingTests
{
    [Theory]
    [InlineData(10, 0.1, 5.13765)]
    [InlineData(5, 0.5, 20.85446)]
    [InlineData(3, 4, 8.13010)]
    [InlineData(0.5, 0.2, 0)]
    [InlineData(-2, 1, 18.43495)]
    public void Clipping_by_value_turns_the_gradient_and_by_norm_does_not(double x, double y, double degrees)
    {
        Parameter[] gradients = [WithGradient("x", x), WithGradient("y", y)];
        new ClipByValue(1).ApplyInPlace(gradients);
        AngleTo(gradients, x, y).ShouldBe(degrees, 1e-5);
        gradients = [WithGradient("x", x), WithGradient("y", y)];
        new ClipByNorm(1).ApplyInPlace(gradients);
        Cosine(gradients, x, y).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void Clipping_by_value_turns_by_the_difference_of_the_angles()
    {
        for (int i = 0; i < 50; i++)
        {
            var key = new RandomKey(i, "clipping");
            double x = 10 * key.Uniform(0) - 5, y = 10 * key.Uniform(1) - 5, limit = 0.1 + 5 * key.Uniform(2);
            Parameter[] gradients = [WithGradient("x", x), WithGradient("y", y)];
            new ClipByValue(limit).ApplyInPlace(gradients);
            double turned = Math.Atan2(Math.Clamp(y, -limit, limit), Math.Clamp(x, -limit, limit)) - Math.Atan2(y, x);
            Cosine(gradients, x, y).ShouldBe(Math.Cos(turned), 1e-6);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void By_norm_agrees_with_PyTorch(int index)
    {
        JsonElement reference = Reference.Root.GetProperty("clipping").GetProperty("norm")[index];
        Parameter[] parameters = FromReference(reference);
        ClipResult result = new ClipByNorm(1).ApplyInPlace(parameters);
        double norm = reference.GetProperty("norm").GetDouble(), coefficient = Math.Min(1, 1 / (norm + 1e-6));
        // PyTorch adds its squares up in float32.
        result.NormBefore.ShouldBe(norm, norm * 1e-6);
        result.Coefficient.ShouldBe(coefficient, 1e-6);
        result.NormAfter.ShouldBe(norm * coefficient, 1e-6);
        GradientClipping.GlobalNorm(parameters).ShouldBe(result.NormAfter, 1e-6);
        foreach ((Parameter parameter, double[] expected) in parameters.Zip(reference.Rows("after")))
            parameter.Gradient.ToDoubles().ShouldBe(expected, 1e-6);
    }

    [Fact]
    public void By_value_is_the_same_bits_as_in_PyTorch()
    {
        JsonElement reference = Reference.Root.GetProperty("clipping").GetProperty("value")[0];
        Parameter[] parameters = FromReference(reference);
        ClipResult result = new ClipByValue(0.5).ApplyInPlace(parameters);
        foreach ((Parameter parameter, double[] expected) in parameters.Zip(reference.Rows("after")))
            parameter.Gradient.ToDoubles().ShouldBe(expected);
        result.NormBefore.ShouldBe(Norm(reference.Rows("before")), 1e-12);
        result.NormAfter.ShouldBe(Norm(reference.Rows("after")), 1e-12);
        result.Coefficient.ShouldBe(result.NormAfter / result.NormBefore);
    }

    [Fact]
    public void Norms_whose_squares_leave_float32_are_clipped_all_the_same()
    {
        Parameter[] huge = [WithGradient("x", 3e30), WithGradient("y", 4e30)];
        Parameter[] tiny = [WithGradient("x", 3e-30), WithGradient("y", 4e-30)];
        ClipResult result = new ClipByNorm(1).ApplyInPlace(huge);
        result.NormBefore.ShouldBe(5e30, 1e24);
        huge[0].Gradient[0].ShouldBe(0.6, 1e-6);
        huge[1].Gradient[0].ShouldBe(0.8, 1e-6);
        GradientClipping.GlobalNorm(tiny).ShouldBe(5e-30, 1e-36);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_norm_that_is_not_finite_is_left_as_it_is(double entry)
    {
        Parameter[] parameters = [WithGradient("x", entry), WithGradient("y", 7)];
        ClipResult result = new ClipByNorm(1).ApplyInPlace(parameters);
        result.ShouldBe(new ClipResult(entry, entry, 1));
        parameters[0].Gradient[0].ShouldBe(entry);
        parameters[1].Gradient[0].ShouldBe(7);
    }

    [Fact]
    public void By_value_cuts_infinities_and_keeps_NaN()
    {
        Parameter parameter = Given.Parameter("w", new double[9]);
        const double Inf = double.PositiveInfinity, NaN = double.NaN;
        parameter.SetGradient([Inf, -Inf, NaN, 0, 1, 2, 3, -4, NaN]);
        new ClipByValue(2).ApplyInPlace([parameter]);
        parameter.Gradient.ToDoubles().ShouldBe([2, -2, NaN, 0, 1, 2, 2, -2, NaN]);
    }

    [Fact]
    public void Only_gradients_that_will_be_used_count()
    {
        Parameter counts = WithGradient("a", 3), frozen = WithGradient("b", 40), stale = WithGradient("c", 50);
        frozen.IsFrozen = true;
        stale.ClearGradient();
        GradientClipping.GlobalNorm([counts, frozen, stale]).ShouldBe(3);
        new ClipByNorm(1).ApplyInPlace([counts, frozen, stale]);
        frozen.Gradient[0].ShouldBe(40);
        new ClipByValue(1).ApplyInPlace([frozen, stale]).ShouldBe(new ClipResult(0, 0, 1));
    }

    private static Parameter WithGradient(string name, double gradient)
    {
        Parameter parameter = Given.Parameter(name, [0]);
        parameter.SetGradient([gradient]);
        return parameter;
    }

    private static Parameter[] FromReference(JsonElement reference) => reference.Rows("before").Select((gradient, i) =>
    {
        Parameter parameter = Given.Parameter($"{i}", new double[gradient.Length]);
        parameter.SetGradient(gradient);
        return parameter;
    }).ToArray();

    private static double Norm(double[][] rows) => Math.Sqrt(rows.Sum(row => row.Sum(x => x * x)));

    private static double Cosine(Parameter[] clipped, double x, double y)
    {
        double a = clipped[0].Gradient[0], b = clipped[1].Gradient[0];
        return (a * x + b * y) / Math.Sqrt((a * a + b * b) * (x * x + y * y));
    }

    /// <summary>By the arctangent, which keeps its digits near 0 where the cosine is flat.</summary>
    private static double AngleTo(Parameter[] clipped, double x, double y)
    {
        double a = clipped[0].Gradient[0], b = clipped[1].Gradient[0];
        return Math.Abs(Math.Atan2(a * y - b * x, a * x + b * y)) * 180 / Math.PI;
    }
}
