namespace GradFlow.Tensors.Tests;

public sealed class ErfTests
{
    /// <summary>Abramowitz &amp; Stegun, table 7.1, to all their digits.</summary>
    [Theory]
    [InlineData(0.02, 0.0225645747)]
    [InlineData(0.5, 0.5204998778)]
    [InlineData(1.0, 0.8427007929)]
    [InlineData(1.5, 0.9661051465)]
    [InlineData(2.0, 0.9953222650)]
    public void Values_are_those_of_the_tables(double x, double value)
    {
        Erf.Value(x).ShouldBe(value, 5e-11);
        Erf.Value(-x).ShouldBe(-value, 5e-11);
    }

    /// <summary>
    /// Against the series 2/√π·e^(−x²)·Σ 2ⁿx²ⁿ⁺¹/(2n+1)!!, whose terms are all positive; the roundings of its up to 130
    /// terms add up to some 10⁻¹⁵ themselves.
    /// </summary>
    [Fact]
    public void The_value_agrees_with_the_series_everywhere()
    {
        for (double x = 1.0 / 512; x < 6.2; x += 1.0 / 257)
        {
            double term = x, sum = x;
            for (int n = 1; term > sum * 1e-18; n++) sum += term *= 2 * x * x / (2 * n + 1);
            Erf.Value(x).ShouldBe(2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum, 2e-15, $"at {x}");
        }
    }

    [Fact]
    public void Tiny_arguments_keep_their_relative_precision()
    {
        foreach (double x in new[] { 1e-3, 1e-8, 1e-300, double.Epsilon })
            Erf.Value(x).ShouldBe(
                2 / Math.Sqrt(Math.PI) * x * (1 - x * x / 3), 1e-15 * x + x * x * x * x * x + double.Epsilon);
        Erf.Value(0).ShouldBe(0);
    }

    [Fact]
    public void Limits_and_NaN_are_kept()
    {
        Erf.Value(double.PositiveInfinity).ShouldBe(1);
        Erf.Value(double.NegativeInfinity).ShouldBe(-1);
        Erf.Value(double.NaN).ShouldBe(double.NaN);
        Erf.Gelu(double.PositiveInfinity).ShouldBe(double.PositiveInfinity);
        Erf.Gelu(double.NegativeInfinity).ShouldBe(0);
        Erf.GeluSlope(double.PositiveInfinity).ShouldBe(1);
        Erf.GeluSlope(double.NegativeInfinity).ShouldBe(0);
        Erf.Gelu(double.NaN).ShouldBe(double.NaN);
        Erf.GeluSlope(double.NaN).ShouldBe(double.NaN);
    }

    [Fact]
    public void The_gelu_slope_is_its_derivative()
    {
        for (double x = -8; x <= 8; x += 0.37)
            Erf.GeluSlope(x).ShouldBe((Erf.Gelu(x + 1e-5) - Erf.Gelu(x - 1e-5)) / 2e-5, 1e-9);
    }
}
