using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

/// <summary>
/// The gradient against the lag, where its slope is known: leaks, rings, rotations and both directions.
/// </summary>
public sealed class RecurrentVariantProfileTests
{
    private const int Steps = 30, Units = 4;

    [Fact]
    public void A_leak_keeps_its_share_per_step_whatever_the_weights()
    {
        var layer = new LeakyRnn("leaky-rnn-1", Parameters(0), new Tanh("leaky-rnn-1"), Full(0.2, Units));
        TimeProfile profile = Cells.Profile(layer, Cells.Draw("x", 1, 2, Steps, 3), Cells.LastOutputs);

        Slope(profile).ShouldBe(Math.Log10(0.8), 1e-9);
        profile.GateDecades!.Value.ShouldBe(Math.Log10(0.8), 1e-9);
        profile.WeightDecades!.Value.ShouldBe(0, 1e-9);
        profile.Slopes.ShouldBeNull();
        profile.Spectrum!.Radius.ShouldBe(0.8, 1e-6, "the leak alone meets the state again");
    }

    [Fact]
    public void Orthogonal_weights_pass_the_gradient_as_it_is()
    {
        foreach (bool isModRelu in (bool[])[false, true])
        {
            RecurrentParameters parameters = Parameters(0.7);
            if (isModRelu)
                parameters = parameters with { PerUnit = new Parameter("beta", Full(0, Units)) };
            var layer = new OrthogonalRnn("orthogonal-rnn-1", parameters, Eye(), null);
            TimeProfile profile = Cells.Profile(layer, Cells.Draw("x", 1, 2, Steps, 3), Cells.LastOutputs);
            Slope(profile).ShouldBe(0, 1e-9);
            profile.WeightDecades!.Value.ShouldBe(0, 1e-9);
            if (isModRelu) profile.ActivationDecades!.Value.ShouldBe(0, 1e-9);
        }
    }

    [Fact]
    public void A_linear_recurrent_unit_keeps_the_size_of_its_eigenvalues()
    {
        const double Radius = 0.9;
        Tensor logs = Cells.Draw("angles", 1, 2, Units);
        Kernels.FillInPlace(logs.Slice(0, 0, 1), Math.Log(-Math.Log(Radius)));
        var layer = new Lru("lru-1", new LruParameters(
            new RecurrentParameters(
                Named("weight", Cells.Draw("b", 1, 2 * Units, 3)), Named("recurrent-weight", logs),
                PerUnit: Named("gain", Full(0, Units))),
            Named("output", Cells.Draw("c", 1, 5, 2 * Units)), Named("direct", Cells.Draw("d", 1, 5, 3))));
        TimeProfile profile = Cells.Profile(layer, Cells.Draw("x", 1, 2, Steps, 3), Cells.LastOutputs);

        profile.LagNorms.Count.ShouldBe(Steps);
        Slope(profile).ShouldBe(Math.Log10(Radius), 1e-9);
        profile.GateDecades!.Value.ShouldBe(Math.Log10(Radius), 1e-9);
    }

    /// <summary>An LSTM whose peepholes are 0 is one without.</summary>
    [Fact]
    public void Peepholes_of_zero_change_no_norm()
    {
        Tensor Draw(string name, params int[] extents) => Cells.Draw(name, 0.5, extents);
        var plain = new RecurrentParameters(
            Named("weight", Draw("w", 4 * Units, 3)), Named("recurrent-weight", Draw("u", 4 * Units, Units)));
        RecurrentParameters peeping = plain with { PerUnit = Named("peepholes", Full(0, 3 * Units)) };
        Tensor x = Cells.Draw("x", 1, 2, Steps, 3);
        IReadOnlyList<double?> Norms(RecurrentParameters parameters) =>
            Cells.Profile(new Lstm("lstm-1", parameters), x, Cells.LastOutputs).LagNorms;

        Norms(peeping).Select(norm => norm!.Value).ToArray().ShouldBe(
            Norms(plain).Select(norm => norm!.Value).ToArray(), 1e-10);
    }

    [Fact]
    public void Reading_both_ways_shows_the_lags_of_each()
    {
        RecurrentParameters Own(string suffix) => new(
            Named($"weight-{suffix}", Cells.Draw("w", 0.5, Units, 3)), Named($"recurrent-weight-{suffix}", Eye()));
        var layer = new Bidirectional("rnn-1", new Rnn("rnn-1-ahead", Own("ahead"), null), new Rnn(
            "rnn-1-back", Own("back"), null));
        Tensor x = Cells.Draw("x", 1, 2, Steps, 3);
        TimeProfile?[] Profiles(Func<Variable, Variable> loss)
        {
            var watched = new Watched(Nets.Chain(layer), x) { Loss = loss };
            return [.. watched.Step(x, rate: 0)!.ThroughTime!];
        }
        TimeProfile?[] last = Profiles(Cells.LastOutputs), every = Profiles(Nets.RandomLoss);
        Slope(last[0]!).ShouldBe(0, 1e-9);
        last[1].ShouldBeNull("nothing lies behind the last step for who comes from there");
        Slope(every[0]!).ShouldBe(0, 1e-9);
        every[1].ShouldBeNull();
    }

    /// <summary>
    /// Without U, V = r·1 is passed once in s steps: λˢ = r, and all s states together fall by r in s lags.
    /// </summary>
    [Fact]
    public void Connections_that_skip_steps_are_passed_as_much_more_rarely()
    {
        const int Skip = 5;
        const double Gain = 0.5;
        Tensor v = Eye();
        Kernels.Scale(v, Gain, v);
        RecurrentParameters parameters = Parameters(0) with
        {
            Skip = new SkipParameters(Named("skip-weight", v), Skip),
        };
        TimeProfile profile = Cells.Profile(
            new Rnn("rnn-1", parameters, null), Cells.Draw("x", 1, 2, Steps, 3), Cells.LastOutputs);

        for (int lag = 0; lag < Steps; lag++)
            (profile.LagNorms[lag] - profile.LagNorms[0])!.Value.ShouldBe(
                (lag + Skip - 1) / Skip * Math.Log10(Gain), 1e-9, $"lag {lag}");
        profile.Spectrum!.Radius.ShouldBe(Math.Pow(Gain, 1.0 / Skip), 1e-6);
        profile.Spectrum.Real.Count.ShouldBe(Skip * Units);
        profile.Lyapunov!.Value.ShouldBe(Math.Log(Gain) / Skip, 0.1 * Math.Log(2) / Skip);
        (profile.WeightDecades, profile.ActivationDecades, profile.GateDecades).ShouldBe((null, null, null));
    }

    /// <summary>What is normalised has one size whatever the weights', and ε is all that tells them apart.</summary>
    [Fact]
    public void A_normalised_layer_passes_the_gradient_whatever_the_size_of_its_weights()
    {
        Tensor norm = Full(1, 2 * Units);
        Kernels.FillInPlace(norm.Slice(0, Units, Units), 0);
        double[] Lags(double size)
        {
            var parameters = new RecurrentParameters(
                Named("weight", Cells.Draw("w", 0.5 * size, Units, 3)),
                Named("recurrent-weight", Cells.Draw("u", size, Units, Units)), PerUnit: Named("norm", norm));
            TimeProfile profile = Cells.Profile(
                new Rnn("rnn-1", parameters, new Tanh("rnn-1"), isNormalized: true), Cells.Draw("x", 1, 2, Steps, 3),
                Cells.LastOutputs);
            (profile.WeightDecades, profile.ActivationDecades).ShouldBe((null, null));
            return [.. profile.LagNorms.Select(lag => lag!.Value - profile.LagNorms[0]!.Value)];
        }
        Lags(1000).ShouldBe(Lags(10), 1e-4);
    }

    private static double Slope(TimeProfile profile) =>
        ((profile.LagNorms[^1] - profile.LagNorms[0]) / (profile.LagNorms.Count - 1))!.Value;

    private static RecurrentParameters Parameters(double recurrentStd) => new(
        Named("weight", Cells.Draw("w", 0.5, Units, 3)),
        Named("recurrent-weight", Cells.Draw("u", recurrentStd, Units, Units)));

    private static Parameter Named(string name, Tensor value) => new(name, value);

    private static Tensor Full(double value, int size) => Tensor.Full(new Shape(size), value, ElementType.Float64);

    private static Tensor Eye()
    {
        Tensor eye = Tensor.Zeros(new Shape(Units, Units), ElementType.Float64);
        for (int i = 0; i < Units; i++) eye[i, i] = 1;
        return eye;
    }
}
