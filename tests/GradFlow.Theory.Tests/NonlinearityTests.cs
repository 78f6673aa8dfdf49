using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace GradFlow.Theory.Tests;

public sealed class NonlinearityTests
{
    public static TheoryData<string> Names => [.. Nonlinearities.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_name_finds_its_nonlinearity(string name)
    {
        var phi = Nonlinearities.Find(name).ShouldNotBeNull();
        phi.Name.ShouldBe(name == "linear" ? "identity" : name);
        Nonlinearities.Find(name.ToUpperInvariant()).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Slopes_are_derivatives(string name)
    {
        var phi = Nonlinearities.Find(name)!;
        foreach (var x in new[] { -30, -3.3, -1.2, -0.2, 0.1, 0.7, 1.4, 2.5, 5 })
        {
            var difference = (phi.Value(x + 1e-5) - phi.Value(x - 1e-5)) / 2e-5;
            phi.Slope(x).ShouldBe(difference, 1e-8 * Math.Max(1, Math.Abs(difference)), $"{name} at {x}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_largest_slope_is_reached_and_not_exceeded(string name)
    {
        var phi = Nonlinearities.Find(name)!;
        var steepest = Enumerable.Range(-40_000, 80_001).Max(k => Math.Abs(phi.Slope(k / 1000.0)));
        steepest.ShouldBeLessThanOrEqualTo(phi.MaxSlope);
        if (double.IsFinite(phi.MaxSlope))
        {
            steepest.ShouldBe(phi.MaxSlope, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Homogeneous_means_that_scales_pass_through(string name)
    {
        var phi = Nonlinearities.Find(name)!;
        var passes = new[] { -2.0, -0.3, 0.4, 3 }.All(x => Math.Abs(phi.Value(2.5 * x) - 2.5 * phi.Value(x)) < 1e-12);
        passes.ShouldBe(phi.IsPositivelyHomogeneous);
    }

    [Theory]
    [InlineData("tanh", 0.3942945)]
    [InlineData("gelu", 0.4252215)]
    [InlineData("silu", 0.3557755)]
    [InlineData("elu", 0.6449454)]
    public void Second_moments_under_the_standard_normal_are_the_known_ones(string name, double moment) =>
        Nonlinearities.Find(name)!.SecondMoment(1).ShouldBe(moment, 1e-7);

    [Theory]
    [InlineData(1e-8)]
    [InlineData(0.3)]
    [InlineData(1.0)]
    [InlineData(47)]
    [InlineData(1e6)]
    public void Rectifiers_have_closed_moments(double q)
    {
        var leaky = Nonlinearities.LeakyRelu(0.2);
        leaky.Mean(q).ShouldBe(0.8 * Math.Sqrt(q / (2 * Math.PI)), 1e-12 * Math.Sqrt(q));
        leaky.SecondMoment(q).ShouldBe(q * 1.04 / 2, 1e-12 * q);
        leaky.SlopeSecondMoment(q).ShouldBe(0.52, 1e-12);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1.0)]
    [InlineData(9)]
    [InlineData(100)]
    public void The_exponential_has_log_normal_moments(double q)
    {
        var phi = Nonlinearities.Exponential;
        phi.Mean(q).ShouldBe(Math.Exp(q / 2), 1e-10 * Math.Exp(q / 2));
        phi.SecondMoment(q).ShouldBe(Math.Exp(2 * q), 1e-10 * Math.Exp(2 * q));
        phi.Correlation(q, q / 4, -0.2 * q)
            .ShouldBe(Math.Exp((1.25 * q - 0.4 * q) / 2), 1e-9 * Math.Exp((1.25 * q - 0.4 * q) / 2));
    }

    [Theory]
    [InlineData(0.04)]
    [InlineData(1.0)]
    [InlineData(30)]
    [InlineData(2500)]
    public void The_exact_gelu_and_the_sigmoid_have_closed_means(double q)
    {
        // Stein's lemma gives E[u·Φ(u)] = q·E[φ(u)] = q/√(2π(1+q)); σ(u) − ½ is odd.
        Nonlinearities.Gelu.Mean(q).ShouldBe(q / Math.Sqrt(2 * Math.PI * (1 + q)), 1e-10 * Math.Sqrt(q));
        Nonlinearities.Sigmoid.Mean(q).ShouldBe(0.5, 1e-13);
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("sigmoid")]
    [InlineData("gelu")]
    [InlineData("selu")]
    [InlineData("softplus")]
    [InlineData("softsign")]
    [InlineData("relu6")]
    public void Moments_agree_with_a_plain_trapezoid_of_a_million_points(string name)
    {
        var phi = Nonlinearities.Find(name)!;
        foreach (var q in new[] { 0.01, 1, 42 })
        {
            phi.SecondMoment(q).ShouldBe(Trapezoid(x => phi.Value(x) * phi.Value(x), q), 2e-9, $"value at {q}");

            // A jump of the slope at 0 costs the trapezoid half a step of it.
            phi.SlopeSecondMoment(q).ShouldBe(Trapezoid(x => phi.Slope(x) * phi.Slope(x), q), 2e-5, $"slope at {q}");
        }
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("sigmoid")]
    [InlineData("selu")]
    [InlineData("softsign")]
    [InlineData("hard-tanh")]
    [InlineData("relu6")]
    public void Correlations_reach_their_limits(string name)
    {
        var phi = Nonlinearities.Find(name)!;
        foreach (var q in new[] { 0.05, 1.0, 50 })
        {
            phi.Correlation(q, q, q).ShouldBe(phi.SecondMoment(q), 1e-12);
            phi.Correlation(q, q, q * (1 - 1e-9)).ShouldBe(phi.SecondMoment(q), 1e-7 * q);
            phi.Correlation(q, 2 * q, 0).ShouldBe(phi.Mean(q) * phi.Mean(2 * q), 1e-11);
            phi.SlopeCorrelation(q, q, q).ShouldBe(phi.SlopeSecondMoment(q), 1e-11);
        }
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.3)]
    [InlineData(-0.7)]
    public void The_arc_cosine_kernel_agrees_with_nested_quadrature(double rho)
    {
        var leaky = Nonlinearities.LeakyRelu(0.2);
        leaky.Correlation(2, 3, rho * Math.Sqrt(6))
            .ShouldBe(BivariateGaussian.Nested(leaky.Value, 2, 3, rho * Math.Sqrt(6), 0), 1e-11);
        leaky.SlopeCorrelation(2, 3, rho * Math.Sqrt(6))
            .ShouldBe(BivariateGaussian.Nested(leaky.Slope, 2, 3, rho * Math.Sqrt(6), 0), 1e-9);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(-0.5)]
    [InlineData(0.1)]
    public void Mehlers_series_agrees_with_nested_quadrature(double rho)
    {
        foreach (var f in new[] { Nonlinearities.Tanh.Value, Nonlinearities.Selu.Slope, Nonlinearities.Gelu.Value })
        {
            foreach (var q in new[] { 0.01, 1, 30 })
            {
                var nested = BivariateGaussian.Nested(f, q, 2 * q, rho * Math.Sqrt(2) * q, 0);
                BivariateGaussian.Series(f, q, 2 * q, rho).ShouldBe(nested, 1e-10 * (1 + q));
            }
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    public void A_hard_tanh_has_closed_moments(double deviation)
    {
        // With P = P(|u| < 1) and density d at 1: E[φ'²] = P and E[φ²] = q·(P − 2·d) + 1 − P.
        var (edge, q) = (1 / deviation, deviation * deviation);
        var inside = 1 - 2 * Normal.CDF(0, 1, -edge);
        var phi = Nonlinearities.HardTanh();
        phi.SlopeSecondMoment(q).ShouldBe(inside, 1e-12);
        phi.SecondMoment(q).ShouldBe(q * (inside - 2 * edge * Normal.PDF(0, 1, edge)) + 1 - inside, 1e-12);
        phi.SaturatedShare(q).ShouldBe(1 - inside, 1e-12);
    }

    [Fact]
    public void Both_forms_of_GELU_are_close()
    {
        var (exact, other) = (Nonlinearities.Gelu, Nonlinearities.GeluTanh);
        for (var x = -6.0; x <= 6; x += 0.01)
        {
            other.Value(x).ShouldBe(exact.Value(x), 1e-3);
            other.Slope(x).ShouldBe((other.Value(x + 1e-5) - other.Value(x - 1e-5)) / 2e-5, 1e-9);
            other.Slope(x).ShouldBeLessThanOrEqualTo(other.MaxSlope);
        }

        other.MaxSlope.ShouldBe(1.1289930686587717, 1e-12);
    }

    [Fact]
    public void Parameters_of_activations_scale_them()
    {
        Nonlinearities.Softplus(20).Value(0.4).ShouldBe(Nonlinearities.Softplus().Value(8) / 20, 1e-15);
        Nonlinearities.Elu(2).Slope(-1).ShouldBe(2 * Math.Exp(-1), 1e-15);
        Nonlinearities.HardTanh(-0.5, 2).Value(-1).ShouldBe(-0.5);
        Should.Throw<ArgumentOutOfRangeException>(() => Nonlinearities.Softplus(0));
        Should.Throw<ArgumentOutOfRangeException>(() => Nonlinearities.HardTanh(0, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Nonlinearities.HardTanh(1, 2));
    }

    [Fact]
    public void Prices_theorem_links_values_and_slopes()
    {
        foreach (var phi in new[] { Nonlinearities.Tanh, Nonlinearities.Gelu, Nonlinearities.Sigmoid })
        {
            var difference = (phi.Correlation(2, 1, 0.5001) - phi.Correlation(2, 1, 0.4999)) / 2e-4;
            phi.SlopeCorrelation(2, 1, 0.5).ShouldBe(difference, 1e-7, phi.Name);
        }
    }

    [Fact]
    public void Correlations_agree_with_sampling()
    {
        var random = new MersenneTwister(11);
        var phi = Nonlinearities.Selu;
        const int count = 200_000;
        var products = new double[count];
        for (var k = 0; k < count; k++)
        {
            var (a, b) = (Normal.Sample(random, 0, 1), Normal.Sample(random, 0, 1));
            products[k] = phi.Value(a) * phi.Value(0.6 * a + 0.8 * b);
        }

        var mean = products.Average();
        var error = Math.Sqrt(products.Sum(p => (p - mean) * (p - mean))) / count;
        phi.Correlation(1, 1, 0.6).ShouldBe(mean, 4 * error);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(7)]
    public void A_tanh_unit_saturates_where_its_slope_is_five_percent(double deviation)
    {
        // 1 − tanh²(x) = 0.05.
        var edge = Math.Atanh(Math.Sqrt(0.95));
        Nonlinearities.Tanh.SaturatedShare(deviation * deviation)
            .ShouldBe(2 * Normal.CDF(0, deviation, -edge), 1e-12);
    }

    [Fact]
    public void Half_of_a_rectifiers_units_pass_nothing_and_a_lines_all_pass()
    {
        Nonlinearities.Relu.SaturatedShare(3).ShouldBe(0.5, 1e-12);
        Nonlinearities.LeakyRelu(0.2).SaturatedShare(3).ShouldBe(0);
        Nonlinearities.Identity.SaturatedShare(3).ShouldBe(0);
    }

    [Fact]
    public void Impossible_variances_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Nonlinearities.Tanh.SecondMoment(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => Nonlinearities.Tanh.Mean(double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => Nonlinearities.Tanh.Correlation(1, 1, 1.1));
    }

    private static double Trapezoid(Func<double, double> f, double q)
    {
        const int count = 1_000_000;
        const double reach = 9;
        var sum = 0.0;
        for (var k = 0; k <= count; k++)
        {
            var z = reach * (2.0 * k / count - 1);
            sum += Math.Exp(-z * z / 2) * f(Math.Sqrt(q) * z);
        }

        return sum * 2 * reach / count / Math.Sqrt(2 * Math.PI);
    }
}
