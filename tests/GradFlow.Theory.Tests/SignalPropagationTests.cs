namespace GradFlow.Theory.Tests;

public sealed class SignalPropagationTests
{
    private const int Samples = 16;

    private static readonly SignalState Data = new(0.6, 0.25);

    [Theory]
    [InlineData("sigmoid", "default")]
    [InlineData("sigmoid", "xavier")]
    [InlineData("tanh", "default")]
    [InlineData("tanh", "xavier")]
    [InlineData("tanh", "he")]
    [InlineData("relu", "default")]
    [InlineData("relu", "xavier")]
    [InlineData("relu", "he")]
    [InlineData("gelu", "he")]
    public void Plain_chains_behave_as_forecast(string phi, string init) =>
        ShouldHold(
            Chain(8, 200, width => [Dense(width, width, init), new NonlinearityStage(Nonlinearities.Find(phi)!)]), 200);

    [Theory]
    [InlineData("sigmoid")]
    [InlineData("relu")]
    public void Nets_of_changing_width_behave_as_forecast(string phi)
    {
        var activation = new NonlinearityStage(Nonlinearities.Find(phi)!);
        ShouldHold(
            [
                new ReshapeStage(), Dense(784, 64, "default"), activation, Dense(64, 64, "he"), activation,
                Dense(64, 10, "xavier"),
            ],
            784, narrowest: 64);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Maxout_chains_behave_as_forecast(int pieces) => ShouldHold(
        Chain(5, 200, width => [new DenseStage(width, pieces * width, 1.0 / width), new MaxoutStage(pieces)]), 200);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Maxout_keeps_gradients_at_weights_of_variance_1_over_fan_in(int pieces)
    {
        var forecast = SignalPropagation.Forecast(
            Data, [new DenseStage(64, pieces * 64, 1.0 / 64), new MaxoutStage(pieces)]);
        forecast.TotalGain!.Value.ShouldBe(0, 1e-12);
        if (pieces == 2) forecast.Stages[^1].OutputRms!.Value.ShouldBe(Math.Sqrt(Data.SecondMoment), 1e-9);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("tanh")]
    [InlineData("sigmoid")]
    public void Batch_normalised_chains_behave_as_forecast(string phi) => ShouldHold(
        Chain(6, 200, width =>
        [
            Dense(width, width, "default"), new BatchNormStage(Samples),
            new NonlinearityStage(Nonlinearities.Find(phi)!),
        ]),
        200,
        phi == "relu" ? 0 : 1.0 / Samples);

    [Theory]
    [InlineData("relu")]
    [InlineData("tanh")]
    public void Layer_normalised_chains_behave_as_forecast(string phi) => ShouldHold(
        Chain(6, 200, width =>
        [
            Dense(width, width, "default"), new LayerNormStage(width),
            new NonlinearityStage(Nonlinearities.Find(phi)!),
        ]),
        200);

    [Theory]
    [InlineData("relu", 0)]
    [InlineData("tanh", 0.1)]
    public void Rms_normalised_chains_behave_as_forecast(string phi, double epsilon) => ShouldHold(
        Chain(6, 200, width =>
        [
            Dense(width, width, "default"), new RmsNormStage(width, epsilon),
            new NonlinearityStage(Nonlinearities.Find(phi)!),
        ]),
        200);

    [Fact]
    public void Layer_norm_behind_an_activation_subtracts_the_activations_mean() => ShouldHold(
        Chain(4, 200, width =>
        [
            Dense(width, width, "he"), new NonlinearityStage(Nonlinearities.Sigmoid), new LayerNormStage(width),
        ]),
        200);

    [Fact]
    public void Residual_chains_behave_as_forecast() => ShouldHold(
        Chain(8, 200, width =>
        [
            new ResidualStage([new NonlinearityStage(Nonlinearities.Relu), Dense(width, width, "he")], 0.5),
        ]),
        200);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Residual_chains_that_widen_behave_as_forecast(bool isProjected) => ShouldHold(
        Enumerable.Range(0, 4).Select(block => 100 + (50 * block)).Select(width => (Stage)new ResidualStage(
            [new NonlinearityStage(Nonlinearities.Relu), Dense(width, width + 50, "he")], 0.7,
            isProjected ? Dense(width, width + 50, "default") : new ZeroPaddingStage(width, width + 50))).ToArray(),
        100);

    [Fact]
    public void Batch_normalised_residual_chains_behave_as_forecast() => ShouldHold(
        Chain(5, 200, width =>
        [
            new ResidualStage(
            [
                new BatchNormStage(Samples), new NonlinearityStage(Nonlinearities.Relu), Dense(width, width, "he"),
            ]),
        ]),
        200);

    [Fact]
    public void Dropout_chains_behave_as_forecast() => ShouldHold(
        Chain(6, 200, width =>
        [
            Dense(width, width, "he"), new BatchNormStage(Samples), new NonlinearityStage(Nonlinearities.Relu),
            new DropoutStage(0.3),
        ]),
        200);

    [Theory]
    [InlineData("relu", 1.4669422)]
    [InlineData("tanh", 1.1778072)]
    public void In_infinite_batches_normalised_chains_explode_as_published(string phi, double rate) =>
        BatchNormRate(Nonlinearities.Find(phi)!, 10_000_000).ShouldBe(rate, 1e-5);

    [Theory]
    [InlineData(32, 1.5219528)]
    [InlineData(128, 1.4796813)]
    public void In_finite_batches_normalised_ReLU_chains_explode_as_published(int batch, double rate) =>
        BatchNormRate(Nonlinearities.Relu, batch).ShouldBe(rate, 1e-7);

    [Fact]
    public void A_drawn_batch_normalised_ReLU_chain_explodes_as_published()
    {
        const int nets = 4;
        Stage[] block =
        [
            new DenseStage(400, 400, 1.0 / 400), new BatchNormStage(32), new NonlinearityStage(Nonlinearities.Relu),
        ];
        var stages = Enumerable.Repeat(block, 8).SelectMany(b => b).ToArray();
        var rates = Enumerable.Range(1, nets).Select(seed =>
        {
            var net = new SampledNet(32, seed);
            var gains = net.Run(stages, net.Input(400, Data.SecondMoment, Data.Covariance)).SquaredGains;
            return gains[5..20].Sum(Math.Log) / 5;
        }).ToArray();
        Math.Exp(rates.Average()).ShouldBe(1.5219528, 0.01 * 1.52);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(32)]
    [InlineData(500)]
    public void In_finite_batches_normalised_linear_chains_have_the_closed_rate(int batch) =>
        BatchNormRate(Nonlinearities.Identity, batch).ShouldBe((batch - 2.0) / (batch - 3), 1e-12);

    [Theory]
    [InlineData("relu", 1)]
    [InlineData("tanh", 1.1778072)]
    public void Wide_layer_normalised_chains_have_the_closed_rate(string phi, double rate)
    {
        Stage[] block =
        [
            new DenseStage(100, 100, 0.037), new LayerNormStage(100_000_000, 0),
            new NonlinearityStage(Nonlinearities.Find(phi)!),
        ];
        var forecast = SignalPropagation.Forecast(Data, [.. block, .. block]);
        Math.Pow(100, forecast.GainOf(3, 3)!.Value).ShouldBe(rate, 1e-6);
    }

    [Theory]
    [InlineData(100, 2.7048138)]
    [InlineData(7, 2.546499697)]
    public void Residual_branches_scaled_by_depth_grow_boundedly(int depth, double squares)
    {
        var block = new ResidualStage(
            [new NonlinearityStage(Nonlinearities.Relu), new DenseStage(50, 50, 2.0 / 50)], 1 / Math.Sqrt(depth));
        var forecast = SignalPropagation.Forecast(Data, [.. Enumerable.Repeat(block, depth)]);
        Math.Pow(100, forecast.TotalGain!.Value).ShouldBe(squares, 1e-7);
        var rms = forecast.Stages[^1].OutputRms!.Value;
        (rms * rms / Data.SecondMoment).ShouldBe(squares, 1e-7);
    }

    [Theory]
    [InlineData("he", 1)]
    [InlineData("xavier", 0.5)]
    [InlineData("default", 1 / 6.0)]
    public void ReLU_layers_keep_halve_or_sixth_the_square(string init, double rate)
    {
        var forecast = SignalPropagation.Forecast(
            Data, [Dense(64, 64, init), new NonlinearityStage(Nonlinearities.Relu)]);
        forecast.TotalGain!.Value.ShouldBe(0.5 * Math.Log10(rate), 1e-12);
    }

    [Fact]
    public void A_dense_layer_spreads_the_gradient_over_its_inputs()
    {
        var forecast = SignalPropagation.Forecast(Data, [new DenseStage(784, 10, 0.001)]);
        forecast.TotalGain!.Value.ShouldBe(0.5 * Math.Log10(0.784), 1e-12);
        forecast.Stages[0].OutputRms!.Value.ShouldBe(Math.Sqrt(0.784 * 0.6), 1e-12);
    }

    [Fact]
    public void Orthogonal_layers_keep_norms_where_they_can()
    {
        SignalPropagation.Forecast(Data, [DenseStage.Orthogonal(64, 64)]).TotalGain!.Value.ShouldBe(0, 1e-12);
        SignalPropagation.Forecast(Data, [DenseStage.Orthogonal(32, 64)]).TotalGain!.Value
            .ShouldBe(0.5 * Math.Log10(0.5), 1e-12);
        SignalPropagation.Forecast(Data, [DenseStage.Orthogonal(64, 32)]).TotalGain!.Value.ShouldBe(0, 1e-12);
    }

    [Fact]
    public void Long_chains_reach_the_rate_of_mean_field()
    {
        var stages = Chain(60, 64, width =>
            [new DenseStage(width, width, 1.5 / width, 0.05), new NonlinearityStage(Nonlinearities.Tanh)]);
        var forecast = SignalPropagation.Forecast(Data, stages);
        forecast.GainOf(100, 2)!.Value
            .ShouldBe(new MeanField(Nonlinearities.Tanh, 1.5, 0.05).DecadesPerLayer(), 1e-6);
    }

    [Fact]
    public void A_skip_adds_what_the_branch_does_not()
    {
        var stage = new ResidualStage(
            [new NonlinearityStage(Nonlinearities.Relu), Dense(64, 64, "he"), Dense(64, 64, "xavier")], 0.25);
        var forecast = SignalPropagation.Forecast(Data, [stage]).Stages[0];
        forecast.Branch.Sum(part => part.Gain!.Value).ShouldBe(0, 1e-12);
        forecast.Gain!.Value.ShouldBe(0.5 * Math.Log10(1 + 0.0625), 1e-12);
        forecast.SkipGain!.Value.ShouldBe(forecast.Gain.Value - Math.Log10(0.25), 1e-12);
    }

    [Fact]
    public void What_theory_does_not_cover_stays_open_until_it_is_normalised()
    {
        Stage[] stages =
        [
            Dense(64, 64, "he"), new NonlinearityStage(Nonlinearities.Tanh), new UncoveredStage("attention"),
            Dense(64, 64, "he"), new NonlinearityStage(Nonlinearities.Relu), new NonlinearityStage(Nonlinearities.Tanh),
            new LayerNormStage(64), new NonlinearityStage(Nonlinearities.Tanh),
        ];
        var forecast = SignalPropagation.Forecast(Data, stages);
        forecast.Stages.Select(s => s.Gain is not null)
            .ShouldBe([true, true, false, true, true, false, false, true]);
        forecast.Stages.Select(s => s.OutputRms is not null)
            .ShouldBe([true, true, false, false, false, false, true, true]);
        forecast.TotalGain.ShouldBeNull();
        forecast.GainOf(0, 2).ShouldNotBeNull();
        forecast.GainOf(8, 0).ShouldBe(0);
    }

    [Fact]
    public void Branches_without_weights_tiny_batches_and_norms_behind_activations_are_not_covered()
    {
        SignalPropagation.Forecast(Data, [new NonlinearityStage(Nonlinearities.Relu), new BatchNormStage(32)])
            .TotalGain.ShouldBeNull();
        SignalPropagation.Forecast(Data, [new ResidualStage([new NonlinearityStage(Nonlinearities.Relu)])])
            .TotalGain.ShouldBeNull();
        SignalPropagation.Forecast(Data, [new BatchNormStage(3)]).TotalGain.ShouldBeNull();
    }

    [Fact]
    public void Zero_weights_stop_every_gradient()
    {
        SignalPropagation.Forecast(Data, [new DenseStage(8, 8, 0)]).TotalGain.ShouldBe(double.NegativeInfinity);
        SignalPropagation.Forecast(Data, [new ResidualStage([Dense(8, 8, "he")], 0)]).TotalGain.ShouldBe(0);
    }

    [Fact]
    public void An_exponential_net_overflows_without_stopping_the_forecast()
    {
        var stages = Chain(
            5, 64, width => [Dense(width, width, "he"), new NonlinearityStage(Nonlinearities.Exponential)]);
        SignalPropagation.Forecast(Data, stages).Stages.ShouldContain(s => s.OutputRms == double.PositiveInfinity);
    }

    [Fact]
    public void Data_are_summed_up_by_their_averages()
    {
        var state = SignalState.FromSamples([1, 2, 3, 4, 5, 6], 2);
        state.SecondMoment.ShouldBe(91 / 6.0, 1e-12);
        state.Covariance.ShouldBe((1 * 4 + 2 * 5 + 3 * 6) / 3.0, 1e-12);
        state.Mean.ShouldBe(3.5, 1e-12);
        Should.Throw<ArgumentException>(() => SignalState.FromSamples([1, 2, 3], 2));
    }

    [Fact]
    public void Impossible_stages_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new DenseStage(0, 3, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new DenseStage(3, 3, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => new DropoutStage(1));
        Should.Throw<ArgumentOutOfRangeException>(() => new BatchNormStage(0));
        Should.Throw<ArgumentOutOfRangeException>(() => new MaxoutStage(0));
        Should.Throw<ArgumentOutOfRangeException>(() => new ResidualStage([], double.NaN));
        Should.Throw<ArgumentException>(() => SignalPropagation.Forecast(new SignalState(1, 2), []));
    }

    // The rate of the squared norm per block, once the block before and the block behind are of the same kind.
    private static double BatchNormRate(Nonlinearity phi, int batch)
    {
        Stage[] block = [new DenseStage(100, 100, 0.037), new BatchNormStage(batch, 0), new NonlinearityStage(phi)];
        var forecast = SignalPropagation.Forecast(Data, [.. block, .. block, .. block]);
        return Math.Pow(100, forecast.GainOf(2, 3)!.Value);
    }

    private static DenseStage Dense(int fanIn, int fanOut, string init) => init switch
    {
        "he" => new DenseStage(fanIn, fanOut, 2.0 / fanIn),
        "xavier" => new DenseStage(fanIn, fanOut, 2.0 / (fanIn + fanOut)),
        _ => DenseStage.PyTorchDefault(fanIn, fanOut),
    };

    private static Stage[] Chain(int depth, int width, Func<int, Stage[]> block) =>
        [.. Enumerable.Range(0, depth).SelectMany(_ => block(width))];

    // Averages over nets of squared ratios, within 4 standard errors and the 1/n terms that a wide limit leaves out.
    private static void ShouldHold(Stage[] stages, int inputWidth, double slack = 0, int narrowest = 200)
    {
        const int nets = 12;
        var forecast = SignalPropagation.Forecast(Data, stages);
        var runs = Enumerable.Range(0, nets).Select(seed =>
        {
            var net = new SampledNet(Samples, seed + 1);
            return net.Run(stages, net.Input(inputWidth, Data.SecondMoment, Data.Covariance));
        }).ToArray();

        for (var k = 0; k < stages.Length; k++)
        {
            var allowance = slack + 3.0 / narrowest;
            ShouldAgree(
                runs.Select(r => r.SquaredGains[k]), Math.Pow(100, forecast.Stages[k].Gain!.Value), allowance,
                $"gain of stage {k}, {stages[k]}");
            ShouldAgree(
                runs.Select(r => r.SecondMoments[k]), Math.Pow(forecast.Stages[k].OutputRms!.Value, 2), allowance,
                $"output of stage {k}, {stages[k]}");
        }
    }

    private static void ShouldAgree(IEnumerable<double> measured, double expected, double allowance, string what)
    {
        var values = measured.ToArray();
        var mean = values.Average();
        var error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean))) / values.Length;
        mean.ShouldBe(expected, 4 * error + allowance * expected, what);
    }
}
