namespace GradFlow.Theory.Tests;

public sealed class RecurrentStageTests
{
    private static readonly SignalState Silence = new(0, 0);

    [Fact]
    public void A_chaotic_recurrent_net_grows_its_gradient_at_the_published_rate()
    {
        // Sompolinsky, Crisanti & Sommers 1988: no drive, σu² = 4; q* = 2.1214736, χ = 1.3626733.
        var layer = new PlainRecurrentStage(new RecurrentEnsemble(3, 0, 4), Nonlinearities.Tanh);
        var slope = layer.DecadesPerStep(Silence, 10).ShouldNotBeNull();
        Math.Pow(10, 2 * slope).ShouldBe(1.3626733, 1e-7);
        var rms = SignalPropagation.Forecast(Silence, [layer]).Stages[0].OutputRms.ShouldNotBeNull();
        (4 * rms * rms).ShouldBe(2.1214736, 1e-7, "at the fixed point q* = σu²·E[φ²]");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1.5)]
    public void A_driven_recurrent_net_is_a_layered_one_with_biases(double sigmaU2)
    {
        // 4 inputs of mean square 0.5 through weights of variance 0.02, and biases of 0.01: v = 0.05.
        var layer = new PlainRecurrentStage(new RecurrentEnsemble(4, 0.02, sigmaU2, 0.01), Nonlinearities.Tanh);
        var slope = layer.DecadesPerStep(new SignalState(0.5, 0), 10).ShouldNotBeNull();
        slope.ShouldBe(new MeanField(Nonlinearities.Tanh, sigmaU2, 0.05).DecadesPerLayer(), 1e-12);
    }

    [Fact]
    public void A_drive_saturates_an_orthogonal_recurrence_and_quietens_a_chaotic_one()
    {
        double Slope(double sigmaU2, double drive) =>
            new PlainRecurrentStage(new RecurrentEnsemble(1, drive, sigmaU2), Nonlinearities.Tanh)
                .DecadesPerStep(new SignalState(1, 0), 10)!.Value;
        Slope(1, 1e-6).ShouldBe(0, 0.001);
        Slope(1, 0.1).ShouldBeLessThan(-0.03);
        Slope(4, 4).ShouldBeLessThan(Slope(4, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Without_recurrent_weights_a_gate_alone_decides(double bias)
    {
        // σ(1)¹⁰⁰ and σ(3)¹⁰⁰ of Tallec & Ollivier 2018.
        var expected = Math.Log10(Nonlinearities.Sigmoid.Value(bias));
        var weights = new RecurrentEnsemble(1, 0, 0);
        new LstmStage(weights, bias).DecadesPerStep(Silence, 100)!.Value.ShouldBe(expected, 1e-12);
        new GruStage(weights, bias).DecadesPerStep(Silence, 100)!.Value.ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void A_gate_and_its_detour_add_up_along_words_of_one_matrix()
    {
        // One gate of ½ and no drive: kept ¼, candidates pass σu²·(½·½)² = σu²/16. Over 2 steps kept² + 4·kept·detour +
        // detour².
        var layer = new GruStage(new RecurrentEnsemble(1, 0, 1), UpdateBias: 0);
        const double kept = 0.25, detour = 1 / 16.0;
        const double squared = kept * kept + 4 * kept * detour + detour * detour;
        layer.DecadesPerStep(Silence, 1)!.Value.ShouldBe(0.5 * Math.Log10(kept + detour), 1e-9);
        layer.DecadesPerStep(Silence, 2)!.Value.ShouldBe(0.25 * Math.Log10(squared), 1e-9);
        layer.DecadesPerStep(Silence, 3000)!.Value.ShouldBe(Math.Log10(0.5 + 0.25), 1e-3);
    }

    [Fact]
    public void Rectifiers_that_keep_their_units_keep_their_gradient()
    {
        PlainRecurrentStage Layer(double gain) =>
            new(new RecurrentEnsemble(2, 0.1, gain * gain), Nonlinearities.Relu, KeepsUnits: true);
        Layer(1).DecadesPerStep(new SignalState(1, 0), 10).ShouldBe(0);
        Layer(2).DecadesPerStep(new SignalState(1, 0), 10)!.Value.ShouldBe(Math.Log10(2), 1e-12);
        Layer(0.5).DecadesPerStep(new SignalState(1, 0), 10).ShouldBeNull();
    }

    [Fact]
    public void Weights_that_no_layer_can_have_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new RecurrentEnsemble(0, 1, 1)).ParamName.ShouldBe("FanIn");
        Should.Throw<ArgumentOutOfRangeException>(() => new RecurrentEnsemble(1, 1, -1)).ParamName.ShouldBe("SigmaU2");
    }
}
