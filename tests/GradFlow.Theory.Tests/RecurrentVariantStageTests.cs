namespace GradFlow.Theory.Tests;

/// <summary>Leaky units, linear recurrent units, and gates with time scales of their own.</summary>
public sealed class RecurrentVariantStageTests
{
    private static readonly SignalState Silence = new(0, 0);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.01)]
    public void Without_recurrent_weights_a_leak_alone_decides(double leak)
    {
        var layer = new LeakyRecurrentStage(new RecurrentEnsemble(1, 0.1, 0), Nonlinearities.Tanh, leak);
        layer.DecadesPerStep(new SignalState(1, 0), 100)!.Value.ShouldBe(Math.Log10(1 - leak), 1e-12);
    }

    [Fact]
    public void A_leak_and_its_weights_add_up_along_words_of_one_matrix()
    {
        // Linear units without a drive: (1 − α) + α·σu per step in the end.
        var layer = new LeakyRecurrentStage(new RecurrentEnsemble(1, 0, 0.25), Nonlinearities.Identity, 0.2);
        layer.DecadesPerStep(Silence, 1)!.Value.ShouldBe(0.5 * Math.Log10(0.64 + 0.04 * 0.25), 1e-12);
        layer.DecadesPerStep(Silence, 3000)!.Value.ShouldBe(Math.Log10(0.8 + 0.2 * 0.5), 1e-3);
    }

    [Fact]
    public void A_leak_of_one_is_a_plain_layer()
    {
        var weights = new RecurrentEnsemble(4, 0.02, 1.5, 0.01);
        var input = new SignalState(0.5, 0);
        new LeakyRecurrentStage(weights, Nonlinearities.Tanh, 1).DecadesPerStep(input, 7)!.Value.ShouldBe(
            new PlainRecurrentStage(weights, Nonlinearities.Tanh).DecadesPerStep(input, 7)!.Value, 1e-6);
    }

    /// <summary>
    /// Without a drive, tanh of N(0, 1) has E[tanh'²]/E[tanh²] whatever the weights; the identity keeps all.
    /// </summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(100)]
    public void Normalised_states_do_not_depend_on_the_size_of_the_weights(double sigmaU2)
    {
        var weights = new RecurrentEnsemble(1, 0, sigmaU2);
        new NormalizedRecurrentStage(weights, Nonlinearities.Identity).DecadesPerStep(Silence, 9)!.Value
            .ShouldBe(0, 1e-12);
        new NormalizedRecurrentStage(weights, Nonlinearities.Tanh).DecadesPerStep(Silence, 9)!.Value.ShouldBe(
            0.5 * Math.Log10(Nonlinearities.Tanh.SlopeSecondMoment(1) / Nonlinearities.Tanh.SecondMoment(1)), 1e-12);
        // A drive as large as what comes from the state takes half of the square.
        new NormalizedRecurrentStage(new RecurrentEnsemble(1, sigmaU2, sigmaU2), Nonlinearities.Identity)
            .DecadesPerStep(new SignalState(1, 0), 9)!.Value.ShouldBe(0.5 * Math.Log10(0.5), 1e-12);
    }

    [Fact]
    public void What_skips_alone_is_passed_once_in_as_many_steps()
    {
        var layer = new SkippingRecurrentStage(new RecurrentEnsemble(1, 0, 0), Nonlinearities.Identity, 0.04, 5);
        foreach (var (steps, times) in new[] { (1, 1), (5, 1), (6, 2), (100, 20), (4000, 800) })
        {
            layer.DecadesPerStep(Silence, steps)!.Value.ShouldBe(times * Math.Log10(0.2) / steps, 1e-9, $"{steps}");
        }
    }

    /// <summary>In the end squares grow by λ per step, λˢ = χu·λˢ⁻¹ + χv.</summary>
    [Fact]
    public void Both_ways_together_grow_by_the_root_of_their_polynomial()
    {
        const double own = 0.6, skipped = 0.3;
        var layer = new SkippingRecurrentStage(new RecurrentEnsemble(1, 0, own), Nonlinearities.Identity, skipped, 3);
        var root = 1.0;
        for (var i = 0; i < 200; i++) root = own + skipped / (root * root);
        layer.DecadesPerStep(Silence, 20_000)!.Value.ShouldBe(0.5 * Math.Log10(root), 1e-4);
        layer.DecadesPerStep(Silence, 1)!.Value.ShouldBe(0.5 * Math.Log10(own + skipped), 1e-12);
    }

    [Fact]
    public void What_skips_with_no_weight_is_a_plain_layer()
    {
        var weights = new RecurrentEnsemble(4, 0.02, 1.5, 0.01);
        var input = new SignalState(0.5, 0);
        new SkippingRecurrentStage(weights, Nonlinearities.Tanh, 0, 4).DecadesPerStep(input, 7)!.Value.ShouldBe(
            new PlainRecurrentStage(weights, Nonlinearities.Tanh).DecadesPerStep(input, 7)!.Value, 1e-6);
    }

    [Theory]
    [InlineData(0, 0.9, 2.0502854)]
    [InlineData(0.5, 0.99, null)]
    public void A_ring_has_the_published_variance_and_keeps_its_radii(double inner, double outer, double? published)
    {
        var ring = new EigenvalueRing(inner, outer);
        var layer = new LinearRecurrentUnitStage(new RecurrentEnsemble(1, 1, 0), ring);
        if (published is not null) ring.StateSecondMoment.ShouldBe(published.Value, 1e-7);
        // The mean of |λ|²ᵏ over |λ|² uniform between both squares, by the midpoint rule.
        const int steps = 20, points = 200_000;
        double low = inner * inner, high = outer * outer, mean = 0, variance = 0;
        for (var i = 0; i < points; i++)
        {
            var squared = low + (high - low) * (i + 0.5) / points;
            mean += Math.Pow(squared, steps) / points;
            variance += 1 / (1 - squared) / points;
        }

        layer.DecadesPerStep(Silence, steps)!.Value.ShouldBe(0.5 * Math.Log10(mean) / steps, 1e-6);
        ring.StateSecondMoment.ShouldBe(variance, 1e-5 * variance);
        layer.DecadesPerStep(Silence, 100_000)!.Value.ShouldBe(Math.Log10(outer), 1e-4);
    }

    [Fact]
    public void Gates_keep_what_their_biases_say()
    {
        Math.Pow(Nonlinearities.Sigmoid.Value(1), 100).ShouldBe(2.4844e-14, 1e-18);
        Math.Pow(Nonlinearities.Sigmoid.Value(3), 100).ShouldBe(0.0077603, 1e-7);
        foreach (var longest in new[] { 2.0, 50, 750 })
        {
            ChronoStage.Kept(longest, (int)longest).ShouldBe(Math.Pow(1 - 1 / longest, longest), 1e-12);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(750)]
    public void Gates_with_time_scales_remember_as_their_mean_power_says(double longest)
    {
        // No drive: the mean of (u/(1 + u))²ᵏ over u uniform on [1, T − 1].
        const int steps = 50, points = 100_000;
        double mean = 0;
        for (var i = 0; i < points; i++)
        {
            var u = 1 + (longest - 2) * (i + 0.5) / points;
            mean += Math.Pow(u / (1 + u), 2 * steps) / points;
        }

        new ChronoStage(new RecurrentEnsemble(1, 0, 0), longest).DecadesPerStep(Silence, steps)!.Value.ShouldBe(
            0.5 * Math.Log10(mean) / steps, 1e-4);
    }

    [Fact]
    public void What_no_layer_can_have_is_refused()
    {
        var weights = new RecurrentEnsemble(1, 0, 0);
        Should.Throw<ArgumentOutOfRangeException>(() => new LeakyRecurrentStage(weights, Nonlinearities.Tanh, 0));
        Should.Throw<ArgumentOutOfRangeException>(
            () => new SkippingRecurrentStage(weights, Nonlinearities.Tanh, 1, 1));
        Should.Throw<ArgumentOutOfRangeException>(
            () => new SkippingRecurrentStage(weights, Nonlinearities.Tanh, -1, 4));
        Should.Throw<ArgumentOutOfRangeException>(() => new EigenvalueRing(0.9, 0.5));
        Should.Throw<ArgumentOutOfRangeException>(() => new ChronoStage(weights, 1));
    }
}
