using GradFlow.Autograd;
using GradFlow.Nn;
using GradFlow.Runs;
using GradFlow.Tensors;

namespace GradFlow.Flow.Tests;

public sealed class TimeProbeTests
{
    [Fact]
    public void A_loss_at_every_step_hides_what_the_probe_shows_of_one_late_loss()
    {
        const int Steps = 40, Units = 8;
        Rnn rnn = Cells.Rnn(new Tanh("rnn-1"), Cells.Draw("u", 0.4 / Math.Sqrt(Units), Units, Units));
        using var tape = new Tape();
        Variable output = rnn.Apply(tape.Constant(Cells.Draw("x", 1, 4, Steps, 3)), Pass.Evaluation);
        Variable loss = Nets.RandomLoss(output);
        IReadOnlyList<double> plain = tape.NormsThroughTime(loss, [output])[0]!.States;
        TimeProfile profile = Cells.Profile(rnn, Cells.Draw("x", 1, 4, Steps, 3), Nets.RandomLoss);

        // Every step's own loss props the plain gradient up: it is about as large at the start as at the end.
        Math.Abs(plain[0] - plain[^1]).ShouldBeLessThan(0.5);
        (profile.LagNorms[^1]! - profile.LagNorms[0]!).Value.ShouldBeLessThan(-10);
    }

    [Fact]
    public void Lags_reach_from_the_latest_step_to_the_first_where_a_loss_stands_at_every_step()
    {
        const int Steps = 10, Units = 3;
        Tensor decay = Tensor.Zeros(new Shape(Units, Units), ElementType.Float64);
        for (int i = 0; i < Units; i++) decay[i, i] = 0.5;
        TimeProfile profile = Cells.Profile(Cells.Rnn(null, decay), Cells.Draw("x", 1, 2, Steps, 3), Nets.RandomLoss);
        profile.LagNorms.Count.ShouldBe(Steps, "the latest step is that many away from the first");
        for (int lag = 1; lag < Steps; lag++)
            (profile.LagNorms[lag] - profile.LagNorms[lag - 1])!.Value.ShouldBe(Math.Log10(0.5), 1e-12);
        profile.WeightDecades!.Value.ShouldBe(Math.Log10(0.5), 1e-12);
    }

    [Fact]
    public void Norms_by_lag_are_those_of_the_product_of_Jacobians()
    {
        const int Steps = 12, Units = 5;
        Tensor u = Cells.Draw("u", 0.6, Units, Units), x = Cells.Draw("x", 1, 1, Steps, 3);
        Rnn rnn = Cells.Rnn(new Tanh("rnn-1"), u);
        TimeProfile profile = Cells.Profile(rnn, x, Cells.LastOutputs);

        using var tape = new Tape();
        Variable output = rnn.Apply(tape.Constant(x), Pass.Evaluation);
        double[] gradient = [.. Enumerable.Repeat(1.0, Units)];
        double activation = 0, weights = 0;
        for (int lag = 0; lag < Steps; lag++)
        {
            profile.LagNorms[lag]!.Value.ShouldBe(Math.Log10(Norm(gradient)), 1e-12);
            if (lag == Steps - 1) break;
            double[] h = output.Value.Slice(1, Steps - 1 - lag, 1).Clone().ToDoubles();
            double[] a = [.. gradient.Select((g, i) => g * (1 - h[i] * h[i]))];
            double[] before = [.. Enumerable.Range(0, Units).Select(
                j => Enumerable.Range(0, Units).Sum(i => a[i] * u[i, j]))];
            activation += Math.Log10(Norm(a) / Norm(gradient));
            weights += Math.Log10(Norm(before) / Norm(a));
            gradient = before;
        }
        profile.ActivationDecades!.Value.ShouldBe(activation / (Steps - 1), 1e-12);
        profile.WeightDecades!.Value.ShouldBe(weights / (Steps - 1), 1e-12);
    }

    [Fact]
    public void Of_sequences_of_several_lengths_the_longest_are_followed_from_their_own_end()
    {
        const int Steps = 9, Units = 4;
        Rnn rnn = Cells.Rnn(new Tanh("rnn-1"), Cells.Draw("u", 0.5, Units, Units));
        Tensor padded = Cells.Draw("x", 1, 3, Steps, 3);
        int[] lengths = [Steps - 2, Steps - 1, 4];
        Sequential net = new("net", [rnn, new LastStep("last-step-1")]);

        TimeProfile together = Cells.Profile(net, padded, Ops.Sum, lengths);
        TimeProfile alone = Cells.Profile(
            net, padded.Slice(0, 1, 1).Slice(1, 0, Steps - 1).Clone(), Ops.Sum, [Steps - 1]);

        together.LagNorms.Count.ShouldBe(Steps - 1, "no lag is counted from the padding");
        for (int lag = 0; lag < Steps - 1; lag++)
            together.LagNorms[lag]!.Value.ShouldBe(alone.LagNorms[lag]!.Value, 1e-12);
    }

    [Fact]
    public void Of_a_large_batch_the_first_few_sequences_that_a_loss_stands_at_are_followed()
    {
        const int Steps = 9, Units = 4;
        Sequential net = Nets.Chain(
            Recurrent("rnn-1", 3, Units), Recurrent("rnn-2", Units, Units), new LastStep("last-step-1"));
        Tensor x = Cells.Draw("x", 1, 9, Steps, 3);
        // Nothing is asked of the second sequence.
        TimeProfile?[] Of(params int[] samples) => [.. new Watched(net, Chosen(x, samples))
        {
            Loss = output => samples.Length < 9
                ? Ops.Sum(output)
                : Ops.Add(Ops.Sum(Ops.Slice(output, 0, 0, 1)), Ops.Sum(Ops.Slice(output, 0, 2, 7))),
        }.Step(Chosen(x, samples), rate: 0)!.ThroughTime!];
        TimeProfile?[] large = Of(0, 1, 2, 3, 4, 5, 6, 7, 8), small = Of(0, 2, 3, 4);
        for (int layer = 0; layer < 2; layer++)
            for (int lag = 0; lag < Steps; lag++)
                large[layer]!.LagNorms[lag]!.Value.ShouldBe(
                    small[layer]!.LagNorms[lag]!.Value + Math.Log10(Math.Sqrt(8 / 4.0)), 1e-12, "four stand for eight");
    }

    [Fact]
    public void Lags_end_where_the_followed_states_of_rectifiers_are_zero_still_whatever_other_sequences_hold()
    {
        const int Steps = 12, Black = 5, Units = 4;
        Tensor identity = Tensor.Zeros(new Shape(Units, Units), ElementType.Float64);
        for (int i = 0; i < Units; i++) identity[i, i] = 1;
        Tensor weight = Tensor.From([0.1, 0.2, 0.3, 0.4], Units, 1);
        Tensor x = Tensor.Zeros(new Shape(6, Steps, 1), ElementType.Float64);
        for (int sample = 0; sample < 6; sample++)
            for (int t = sample < 4 ? Black : 0; t < Steps; t++) x[sample, t, 0] = 1;
        TimeProfile profile = Cells.Profile(Cells.Rnn(new Relu("relu-1"), identity, weight), x, Cells.LastOutputs);
        // The last zero state hands its gradient to the first that isn't zero.
        profile.LagNorms.Count.ShouldBe(Steps - Black + 1);
        profile.LagNorms.ShouldAllBe(norm => Math.Abs(norm!.Value - profile.LagNorms[0]!.Value) < 1e-12);
        profile.StateRms!.Count.ShouldBe(Steps);

        // Units that die on the way have lost what was there before.
        for (int sample = 0; sample < 6; sample++) x[sample, 8, 0] = -100;
        TimeProfile died = Cells.Profile(Cells.Rnn(new Relu("relu-1"), identity, weight), x, Cells.LastOutputs);
        died.LagNorms.Count.ShouldBe(Steps - Black);
        died.LagNorms[^1].ShouldBe(double.NegativeInfinity);
    }

    [Theory]
    [InlineData(1.25, 0.7104118, 0.6191439)]
    [InlineData(1.1, null, null)]
    [InlineData(3, null, null)]
    public void A_latch_forgets_how_it_was_set_by_its_slope_at_the_fixed_point(double w, double? state, double? slope)
    {
        double rest = 1;
        for (int i = 0; i < 10_000; i++) rest = Math.Tanh(w * rest);
        double expected = w * (1 - rest * rest);
        if (state is not null) rest.ShouldBe(state.Value, 1e-7);
        if (slope is not null) expected.ShouldBe(slope.Value, 1e-7);

        const int Steps = 1000;
        Tensor kick = Tensor.Zeros(new Shape(1, Steps, 1), ElementType.Float64);
        kick[0, 0, 0] = 1;
        TimeProfile profile = Cells.Profile(
            Cells.Rnn(new Tanh("rnn-1"), Cells.Scalar(w), Cells.Scalar(1)), kick, Cells.LastOutputs);
        profile.StateRms![^1]!.Value.ShouldBe(rest, 1e-7);
        ((profile.LagNorms[50] - profile.LagNorms[0]) / 50)!.Value.ShouldBe(Math.Log10(expected), 1e-7);
        Math.Sqrt(expected / w).ShouldBe(Math.Sqrt(profile.Slopes![^1]!.Value), 1e-7);
    }

    [Fact]
    public void A_latch_with_a_weight_below_one_has_a_single_state_and_forgets()
    {
        Tensor kick = Tensor.Zeros(new Shape(1, 400, 1), ElementType.Float64);
        kick[0, 0, 0] = 1;
        TimeProfile profile = Cells.Profile(
            Cells.Rnn(new Tanh("rnn-1"), Cells.Scalar(0.8), Cells.Scalar(1)), kick, Cells.LastOutputs);
        profile.StateRms![^1]!.Value.ShouldBeLessThan(1e-12);
        ((profile.LagNorms[50] - profile.LagNorms[0]) / 50)!.Value.ShouldBe(Math.Log10(0.8), 1e-7);
    }

    [Theory]
    [InlineData(0.9, 2)]
    [InlineData(0.8, 50)]
    public void A_non_normal_recurrence_grows_before_it_fades(double a, double c)
    {
        Tensor u = Tensor.From([a, c, 0, a], 2, 2);
        Tensor x = Tensor.Zeros(new Shape(1, 40, 2), ElementType.Float64);
        TimeProfile profile = Cells.Profile(
            Cells.Rnn(null, u, Tensor.From([1.0, 0, 0, 1], 2, 2)), x,
            output => Ops.Sum(Ops.Slice(Ops.Select(output, 1, 39), 1, 0, 1)));
        double[] offDiagonal = new double[40];
        for (int t = 0; t < 40; t++)
        {
            offDiagonal[t] = c * t * Math.Pow(a, t - 1);
            double norm = Math.Sqrt(Math.Pow(a, 2 * t) + offDiagonal[t] * offDiagonal[t]);
            profile.LagNorms[t]!.Value.ShouldBe(Math.Log10(norm), 1e-12);
        }
        if (a == 0.9) offDiagonal.Max().ShouldBe(3.8742049 * c, 1e-6);
    }

    [Fact]
    public void Two_layers_whose_eigenvalues_are_zero_explode_in_turn()
    {
        Tensor a = Tensor.From([0, 2.0, 0, 0], 2, 2), b = Tensor.From([0, 0, 2.0, 0], 2, 2);
        Module[] layers = [.. Enumerable.Range(1, 41).Select(i =>
            new Linear($"linear-{i}", new Parameter($"linear-{i}.weight", (i % 2 == 0 ? a : b).Clone()), null))];
        Tensor x = Tensor.Zeros(new Shape(1, 2), ElementType.Float64);
        var watched = new Watched(Nets.Chain(layers), x) { Loss = Ops.Sum };
        IReadOnlyList<double?> norms = watched.Step(x)!.CutNorms!;
        (norms[0] - norms[^1])!.Value.ShouldBe(20 * Math.Log10(4) + Math.Log10(1 / Math.Sqrt(2)), 1e-12);
    }

    [Theory]
    [InlineData(1, 100, 2.4844e-14)]
    [InlineData(3, 100, 0.0077603)]
    [InlineData(-0.5, 60, null)]
    public void A_state_that_gates_carry_fades_by_the_gate_per_step(double bias, int lag, double? product)
    {
        double gate = 1 / (1 + Math.Exp(-bias));
        if (product is not null) Math.Pow(gate, lag).ShouldBe(product.Value, 1e-4 * product.Value);
        Tensor x = Tensor.Zeros(new Shape(1, lag + 2, 1), ElementType.Float64);
        TimeProfile lstm = Cells.Profile(Cells.Lstm(bias), x, Cells.LastOutputs);
        TimeProfile gru = Cells.Profile(Cells.Gru(bias), x, Cells.LastOutputs);
        // At lag 0 the loss sees h alone; from lag 1 on, the carried state.
        (lstm.LagNorms[lag + 1] - lstm.LagNorms[1])!.Value.ShouldBe(lag * Math.Log10(gate), 1e-7);
        (gru.LagNorms[lag] - gru.LagNorms[0])!.Value.ShouldBe(lag * Math.Log10(gate), 1e-7);
        gru.GateDecades!.Value.ShouldBe(Math.Log10(gate), 1e-7);
        gru.WeightDecades!.Value.ShouldBe(0, 1e-12);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(500)]
    public void A_chrono_bias_keeps_about_a_third_over_its_time(int time)
    {
        TimeProfile gru = Cells.Profile(
            Cells.Gru(Math.Log(time - 1)), Tensor.Zeros(new Shape(1, time + 1, 1), ElementType.Float64),
            Cells.LastOutputs);
        (gru.LagNorms[time] - gru.LagNorms[0])!.Value.ShouldBe(time * Math.Log10(1 - 1.0 / time), 1e-7);
    }

    [Theory]
    [InlineData(0.9, 50, 10, 0.6546957)]
    [InlineData(0.9, 37, 10, null)]
    [InlineData(0.99, 200, 64, null)]
    public void Truncation_captures_the_share_of_the_gradient_that_its_window_holds(
        double a, int time, int window, double? share)
    {
        double expected = (1 - Math.Pow(a, window)) / (1 - Math.Pow(a, time));
        if (share is not null) expected.ShouldBe(share.Value, 1e-7);
        (BiasGradient(window) / BiasGradient(null)).ShouldBe(expected, 1e-7);

        double BiasGradient(int? cut)
        {
            Rnn rnn = Cells.Rnn(null, Cells.Scalar(a), Cells.Scalar(1), Cells.Scalar(0).Reshape(new Shape(1)), cut);
            using var tape = new Tape();
            Variable output = rnn.Apply(
                tape.Constant(Tensor.Zeros(new Shape(1, time, 1), ElementType.Float64)), Pass.Evaluation);
            tape.Backward(Cells.LastOutputs(output));
            return rnn.Parameters.Bias!.Gradient[0];
        }
    }

    [Fact]
    public void Beyond_a_window_the_gradient_is_cut_not_vanished()
    {
        Rnn rnn = Cells.Rnn(new Tanh("rnn-1"), Cells.Draw("u", 0.4, 4, 4), window: 6);
        TimeProfile profile = Cells.Profile(rnn, Cells.Draw("x", 1, 2, 20, 3), Nets.RandomLoss);
        LagProfile.CutLag(profile.LagNorms).ShouldBe(6);
        profile.LagNorms.Skip(6).ShouldAllBe(norm => norm == null);
        profile.WeightDecades.ShouldNotBeNull();
        (profile.WeightDecades + profile.ActivationDecades)!.Value.ShouldBe(
            (profile.LagNorms[5]!.Value - profile.LagNorms[0]!.Value) / 5, 1e-12);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    public void Layers_on_both_sides_of_pooling_count_lags_in_their_own_steps(int steps)
    {
        (TimeProfile before, TimeProfile after) = AroundPooling(steps, Cells.LastOutputs);
        // What pooling drops at the end is reached by no loss.
        before.LagNorms.Count.ShouldBe(12);
        after.LagNorms.Count.ShouldBe(6);
        for (int lag = 0; lag < 6; lag++)
            after.LagNorms[lag]!.Value.ShouldBe(Math.Log10(Math.Pow(0.9, lag)), 1e-12);
        // h_t is handed on by 0.8 and halved into its pool, whose state is handed on by 0.9.
        for (int lag = 0; lag < 12; lag++)
        {
            double gradient = Enumerable.Range(0, lag + 1).Sum(
                later => 0.5 * Math.Pow(0.9, later / 2) * Math.Pow(0.8, lag - later));
            before.LagNorms[lag]!.Value.ShouldBe(Math.Log10(gradient), 1e-12);
        }
    }

    [Fact]
    public void Of_a_loss_at_every_pooled_step_only_the_last_one_is_followed_past_the_pooling()
    {
        (TimeProfile alone, _) = AroundPooling(12, Cells.LastOutputs);
        (TimeProfile every, TimeProfile after) = AroundPooling(12, output => Ops.Sum(output));
        every.LagNorms.ShouldBe(alone.LagNorms);
        after.LagNorms.Count.ShouldBe(6);

        Frame middle = PoolingFrame(12, output => Ops.Sum(Ops.Select(output, 1, 2)));
        middle.ThroughTime![0].ShouldBeNull();
        middle.ThroughTime[1]!.LagNorms.Count.ShouldBe(3);
    }

    [Fact]
    public void A_layer_behind_padding_that_lengthens_the_sequence_counts_its_own_steps()
    {
        Tensor kernel = Tensor.Zeros(new Shape(1, 1, 3), ElementType.Float64);
        kernel[0, 0, 0] = 1;
        Module[] layers =
        [
            Linear("rnn-1", 0.8),
            new Conv1d(
                "conv1d-1", new Parameter("conv1d-1.weight", kernel), null,
                new Convolution(Window.Single, new Window(3, 1, 2))),
            Linear("rnn-2", 0.9),
            new LastStep("last-step-1"),
        ];
        Tensor x = Cells.Draw("x", 1, 1, 10, 1);
        Frame frame = new Watched(Nets.Chain(layers), x) { Loss = output => Ops.Sum(output) }.Step(x, rate: 0)!;
        frame.ThroughTime![0]!.LagNorms.Count.ShouldBe(10);
        frame.ThroughTime[1]!.LagNorms.Count.ShouldBe(12);
        frame.ThroughTime[1]!.LagNorms[11]!.Value.ShouldBe(11 * Math.Log10(0.9), 1e-12);
    }

    [Fact]
    public void A_memory_of_six_hundred_decades_is_measured_and_not_zero()
    {
        TimeProfile profile = Cells.Profile(
            Cells.Rnn(null, Cells.Scalar(0.25), Cells.Scalar(1)),
            Tensor.Zeros(new Shape(1, 1001, 1), ElementType.Float64), Cells.LastOutputs);
        profile.LagNorms[1000]!.Value.ShouldBe(1000 * Math.Log10(0.25), 1e-9);
    }

    private static (TimeProfile Before, TimeProfile After) AroundPooling(int steps, Func<Variable, Variable> loss)
    {
        IReadOnlyList<TimeProfile?> profiles = PoolingFrame(steps, loss).ThroughTime!;
        return (profiles[0]!, profiles[1]!);
    }

    private static Frame PoolingFrame(int steps, Func<Variable, Variable> loss)
    {
        Module[] layers =
        [
            Linear("rnn-1", 0.8),
            new Pool1d("avg-pool1d-1", PoolingKind.Average, new Window(2, 2)),
            Linear("rnn-2", 0.9),
        ];
        Tensor x = Cells.Draw("x", 1, 1, steps, 1);
        return new Watched(Nets.Chain(layers), x) { Loss = loss }.Step(x, rate: 0)!;
    }

    /// <summary>One unit that hands its state on by a factor.</summary>
    private static Rnn Linear(string name, double factor) => new(
        name,
        new RecurrentParameters(
            new Parameter($"{name}.weight", Cells.Scalar(1)),
            new Parameter($"{name}.recurrent-weight", Cells.Scalar(factor)), null),
        null);

    private static Rnn Recurrent(string name, int inputs, int units) => new(
        name,
        new RecurrentParameters(
            new Parameter($"{name}.weight", Cells.Draw($"{name}.w", 0.5, units, inputs)),
            new Parameter($"{name}.recurrent-weight", Cells.Draw($"{name}.u", 0.5, units, units)), null),
        new Tanh(name));

    private static Tensor Chosen(Tensor x, int[] samples)
    {
        Tensor chosen = Tensor.Zeros(new Shape(samples.Length, x.Shape[1], x.Shape[2]), x.ElementType);
        for (int i = 0; i < samples.Length; i++) Kernels.Copy(x.Slice(0, samples[i], 1), chosen.Slice(0, i, 1));
        return chosen;
    }

    private static double Norm(double[] x) => Math.Sqrt(x.Sum(v => v * v));
}
