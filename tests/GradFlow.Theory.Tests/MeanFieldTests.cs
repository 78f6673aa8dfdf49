namespace GradFlow.Theory.Tests;

public sealed class MeanFieldTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.05, 1.7609546)]
    public void Tanh_is_critical_on_the_line_of_Schoenholz(double sigmaB2, double sigmaW2)
    {
        var sigmaW = MeanField.CriticalSigmaW(Nonlinearities.Tanh, sigmaB2).ShouldNotBeNull();
        (sigmaW * sigmaW).ShouldBe(sigmaW2, 1e-6);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.2)]
    [InlineData(1.5)]
    public void On_the_critical_line_the_fixed_point_passes_gradients_unchanged(double sigmaB2)
    {
        foreach (var phi in new[] { Nonlinearities.Tanh, Nonlinearities.Sigmoid, Nonlinearities.Elu() })
        {
            var sigmaW = MeanField.CriticalSigmaW(phi, sigmaB2).ShouldNotBeNull(phi.Name);
            var net = new MeanField(phi, sigmaW * sigmaW, sigmaB2);
            net.Chi().ShouldBe(1, 1e-6, phi.Name);
            net.NextVariance(net.FixedPoint()).ShouldBe(net.FixedPoint(), 1e-9 * net.FixedPoint(), phi.Name);
        }
    }

    [Theory]
    [InlineData(1, 0.7590316, 3.63)]
    [InlineData(1.5, 0.9386363, 15.79)]
    public void Tanh_with_biases_has_the_published_rate_and_depth_scale(double sigmaW2, double chi, double depthScale)
    {
        var net = new MeanField(Nonlinearities.Tanh, sigmaW2, 0.05);
        net.Chi().ShouldBe(chi, 1e-7);
        net.DepthScale().ShouldBe(depthScale, 0.005);
        net.DecadesPerLayer().ShouldBe(0.5 * Math.Log10(chi), 1e-7);
    }

    [Fact]
    public void A_chaotic_tanh_net_settles_where_published()
    {
        var net = new MeanField(Nonlinearities.Tanh, 4);
        net.FixedPoint().ShouldBe(2.1214736, 1e-7);
        net.FixedPoint(1e-4).ShouldBe(2.1214736, 1e-7);
        net.Chi().ShouldBe(1.3626733, 1e-7);
        (0.5 * Math.Log(net.Chi())).ShouldBe(0.1547242, 1e-7);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(100)]
    public void A_saturated_tanh_net_explodes_like_its_weights(double sigmaW)
    {
        var chi = new MeanField(Nonlinearities.Tanh, sigmaW * sigmaW).Chi();
        (chi / sigmaW).ShouldBe(4 / 3.0 / Math.Sqrt(2 * Math.PI), 0.05 * 0.532);
    }

    [Theory]
    [InlineData(1, 0.0557207)]
    [InlineData(4, 0.3988790)]
    public void A_sigmoid_net_vanishes_at_the_published_rate(double sigmaW, double chi) =>
        new MeanField(Nonlinearities.Sigmoid, sigmaW * sigmaW).Chi().ShouldBe(chi, 1e-7);

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 0.5)]
    [InlineData(5, 2.5)]
    public void ReLU_nets_grow_by_half_the_weight_variance(double sigmaW2, double chi) =>
        new MeanField(Nonlinearities.Relu, sigmaW2).Chi().ShouldBe(chi, 1e-12);

    [Fact]
    public void The_variance_of_a_ReLU_net_dies_stays_or_explodes()
    {
        new MeanField(Nonlinearities.Relu, 1.9).FixedPoint().ShouldBe(0);
        new MeanField(Nonlinearities.Relu, 2).FixedPoint(3).ShouldBe(3);
        new MeanField(Nonlinearities.Relu, 2.1).FixedPoint().ShouldBe(double.PositiveInfinity);
        new MeanField(Nonlinearities.Relu, 1, 0.5).FixedPoint().ShouldBe(1, 1e-9);
    }

    [Fact]
    public void A_tanh_net_at_unit_weights_dies_like_one_over_twice_the_depth()
    {
        var net = new MeanField(Nonlinearities.Tanh, 1);
        net.FixedPoint().ShouldBe(0);
        var q = 1.0;
        for (var layer = 0; layer < 1000; layer++)
        {
            q = net.NextVariance(q);
        }

        (q * 2000).ShouldBe(1, 0.02);
    }

    [Fact]
    public void SELU_keeps_unit_variance_and_grows_gradients_slowly()
    {
        var net = new MeanField(Nonlinearities.Selu, 1);
        net.FixedPoint(3).ShouldBe(1, 1e-7);
        net.Chi().ShouldBe(1.0715750, 1e-7);
        Nonlinearities.Selu.Mean(1).ShouldBe(0, 1e-12);
    }

    [Fact]
    public void PyTorchs_tanh_gain_explodes()
    {
        var net = new MeanField(Nonlinearities.Tanh, 25 / 9.0);
        net.FixedPoint().ShouldBe(1.1784805, 1e-7);
        net.Chi().ShouldBe(1.2098313, 1e-7);
    }

    [Fact]
    public void ReLU_correlations_climb_to_one_at_the_published_pace()
    {
        var net = new MeanField(Nonlinearities.Relu, 2);
        var c = net.NextCorrelation(0, 1);
        c.ShouldBe(1 / Math.PI, 1e-12);
        c = net.NextCorrelation(c, 1);
        c.ShouldBe(0.4937311, 1e-7);
        for (var layer = 2; layer < 3000; layer++)
        {
            c = net.NextCorrelation(c, 1);
        }

        ((1 - c) * 2 * 3000 * 3000 / (9 * Math.PI * Math.PI)).ShouldBe(1, 0.02);
    }

    [Fact]
    public void Correlations_settle_at_one_in_order_and_below_one_in_chaos()
    {
        new MeanField(Nonlinearities.Tanh, 1, 0.05).CorrelationFixedPoint().ShouldBe(1);
        new MeanField(Nonlinearities.Tanh, 4).CorrelationFixedPoint().ShouldBe(0, 1e-12);
        var chaotic = new MeanField(Nonlinearities.Tanh, 4, 0.05);
        var settled = chaotic.CorrelationFixedPoint();
        settled.ShouldBeInRange(0.01, 0.9);
        chaotic.NextCorrelation(settled).ShouldBe(settled, 1e-10);
        chaotic.NextCorrelation(settled + 0.01).ShouldBeInRange(settled, settled + 0.01);
        chaotic.NextCorrelation(settled - 0.01).ShouldBeInRange(settled - 0.01, settled);
    }

    [Fact]
    public void Critical_gains_are_the_textbook_ones()
    {
        MeanField.CriticalSigmaW(Nonlinearities.Identity)!.Value.ShouldBe(1, 1e-12);
        MeanField.CriticalSigmaW(Nonlinearities.Tanh)!.Value.ShouldBe(1, 1e-9);
        MeanField.CriticalSigmaW(Nonlinearities.Relu)!.Value.ShouldBe(Math.Sqrt(2), 1e-12);
        MeanField.CriticalSigmaW(Nonlinearities.LeakyRelu(0.3))!.Value
            .ShouldBe(Math.Sqrt(2 / (1 + 0.3 * 0.3)), 1e-12);
        MeanField.CriticalSigmaW(Nonlinearities.Sigmoid)!.Value.ShouldBe(10.15, 0.005);
    }

    [Fact]
    public void A_sigmoid_net_is_critical_only_where_it_is_of_no_use()
    {
        MeanField.CriticalGain(Nonlinearities.Sigmoid).ShouldNotBeNull().IsUsable.ShouldBeFalse();
        foreach (var phi in new[] { Nonlinearities.Tanh, Nonlinearities.Relu, Nonlinearities.LeakyRelu() })
        {
            MeanField.CriticalGain(phi).ShouldNotBeNull(phi.Name).IsUsable.ShouldBeTrue(phi.Name);
        }
    }

    [Fact]
    public void The_exponential_has_no_stable_critical_point() =>
        MeanField.CriticalGain(Nonlinearities.Exponential).ShouldBeNull();

    [Fact]
    public void Impossible_variances_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new MeanField(Nonlinearities.Tanh, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => new MeanField(Nonlinearities.Tanh, 1, double.NaN));
        Should.Throw<ArgumentOutOfRangeException>(() => new MeanField(Nonlinearities.Tanh, 1).FixedPoint(0));
        Should.Throw<ArgumentOutOfRangeException>(() => new MeanField(Nonlinearities.Tanh, 1).NextCorrelation(2, 1));
    }
}
