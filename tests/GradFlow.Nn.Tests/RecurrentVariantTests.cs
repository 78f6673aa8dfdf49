using GradFlow.Autograd;
using GradFlow.Tensors;

namespace GradFlow.Nn.Tests;

/// <summary>Leaky units, orthogonal and linear recurrences, and layers that read both ways.</summary>
public sealed class RecurrentVariantTests
{
    private const int Samples = 3, Steps = 6, Inputs = 3, Units = 4;

    public static TheoryData<string> Variants =>
    [
        "leaky", "leaky-trained", "orthogonal", "mod-relu", "peepholes", "lru", "skip", "skip-lstm", "skip-gru",
        "layer-norm", "layer-norm-skip",
    ];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Derivatives_by_input_and_parameters_are_those_of_central_differences(string variant)
    {
        foreach (int? window in (int?[])[null, Steps])
        {
            Recurrent layer = Draw(variant, window);
            GradientCheck.Run((_, x) => layer.Apply(x[0], ModuleTests.Training(0)), [Sequences()])
                .RelativeError.ShouldBeLessThan(1e-6, variant);
            foreach (Parameter parameter in layer.OwnParameters) CheckParameter(layer, parameter);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sequences_in_pieces_have_the_same_outputs_as_in_one(string variant)
    {
        Recurrent layer = Draw(variant);
        Tensor all = Sequences(), whole = Apply(layer, all);
        var carried = new CarriedStates();
        foreach ((int start, int count) in new[] { (0, 2), (2, 1), (3, 3) })
            Apply(layer, all.Slice(1, start, count).Clone(), carried).ToDoubles()
                .ShouldBe(whole.Slice(1, start, count).Clone().ToDoubles(), 1e-14);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_gradient_reaches_the_inputs_of_its_window_and_no_others(string variant)
    {
        const int Window = 2;
        Recurrent layer = Draw(variant, Window);
        for (int step = 0; step < Steps; step++)
        {
            using var tape = new Tape();
            Variable x = tape.Input(Sequences()), y = layer.Apply(x, ModuleTests.Training(0));
            Tensor seed = ModuleTests.Random(new Shape(Samples, y.Shape[2]), 3, ElementType.Float64);
            Tensor gradient = tape.Gradients(Ops.Select(y, 1, step), [x], seed)[0]!;
            for (int t = 0; t < Steps; t++)
            {
                bool reaches = Kernels.MaxAbs(gradient.Slice(1, t, 1).Clone()) > 0;
                reaches.ShouldBe(t <= step && t >= layer.WindowStart(step, Steps), $"output {step} by input {t}");
            }
        }
    }

    [Fact]
    public void Orthogonal_weights_stay_so_in_training()
    {
        const int Wide = 24;
        var layer = (OrthogonalRnn)Draw("orthogonal", units: Wide, type: ElementType.Float32);
        Tensor x = ModuleTests.Random(new Shape(5, 9, Inputs), 7, ElementType.Float32);
        double[] before = layer.RecurrentMatrix().ToDoubles();
        var optimizer = new Adam(layer.AllParameters(), 0.05);
        for (int step = 0; step < 30; step++)
        {
            using var tape = new Tape();
            Variable y = layer.Apply(tape.Constant(x), ModuleTests.Training(step));
            foreach (Parameter parameter in layer.AllParameters()) Kernels.FillInPlace(parameter.Gradient, 0);
            tape.Backward(Ops.Sum(y * y));
            optimizer.Step();
        }
        Tensor u = layer.RecurrentMatrix().Clone(ElementType.Float64);
        Tensor gram = Tensor.Zeros(u.Shape, ElementType.Float64);
        Kernels.MatMul(u, u.Transpose(), gram);
        for (int i = 0; i < Wide; i++)
            for (int j = 0; j < Wide; j++) gram[i, j].ShouldBe(i == j ? 1 : 0, 1e-5);
        u.ToDoubles().Zip(before, (now, then) => Math.Abs(now - then)).Max().ShouldBeGreaterThan(0.1, "it has moved");
    }

    [Fact]
    public void Trained_time_constants_stay_above_one_step()
    {
        var layer = (LeakyRnn)Draw("leaky-trained", type: ElementType.Float32);
        Kernels.FillInPlace(layer.Parameters.PerUnit!.Value, Math.Log(9));
        layer.TimeConstants().ShouldAllBe(tau => Math.Abs(tau - 10) < 1e-5);
        Kernels.FillInPlace(layer.Parameters.PerUnit!.Value, -50);
        layer.TimeConstants().ShouldAllBe(tau => tau >= 1);
    }

    [Fact]
    public void Carried_states_keep_their_past_when_they_are_stored()
    {
        Recurrent layer = Draw("skip");
        Tensor all = Sequences();
        CarriedStates carried = new(), restored = new();
        Apply(layer, all.Slice(1, 0, 4).Clone(), carried);
        restored.LoadState(carried.State);
        Apply(layer, all.Slice(1, 4, 2).Clone(), restored).ToDoubles()
            .ShouldBe(Apply(layer, all).Slice(1, 4, 2).Clone().ToDoubles(), 1e-14);
    }

    /// <summary>
    /// A state of the linear recurrent unit, driven by white noise, has the mean square
    /// E 1/(1 − |λ|²) = ln((1 − r²)/(1 − R²))/(R² − r²) over the ring (Orvieto et al. 2023), and 1 with γ.
    /// </summary>
    [Theory]
    [InlineData(0, 0.9, 2.0502854)]
    [InlineData(0.4, 0.8, null)]
    [InlineData(0.9, 0.99, null)]
    public void States_of_a_ring_are_as_large_as_published(double inner, double outer, double? expected)
    {
        const int States = 20_000;
        double formula = Math.Log((1 - inner * inner) / (1 - outer * outer)) / (outer * outer - inner * inner);
        if (expected is not null) formula.ShouldBe(expected.Value, 1e-7);
        Tensor logs = Tensor.Zeros(new Shape(2, States), ElementType.Float64), gain = Tensor.Zeros(
            new Shape(States), ElementType.Float64);
        LruParameters.DrawRing(logs, gain, (inner, outer, 2 * Math.PI), new RandomKey(3, "ring"));

        double plain = 0, normalised = 0;
        for (int i = 0; i < States; i++)
        {
            double radius = Math.Exp(-Math.Exp(logs[0, i])), angle = Math.Exp(logs[1, i]);
            radius.ShouldBeInRange(inner - 1e-9, outer + 1e-9);
            angle.ShouldBeInRange(0, 2 * Math.PI);
            plain += 1 / (1 - radius * radius) / States;
            normalised += Math.Exp(2 * gain[i]) / (1 - radius * radius) / States;
        }
        plain.ShouldBe(formula, 0.01 * formula);
        normalised.ShouldBe(1, 1e-9);
    }

    [Fact]
    public void States_that_white_noise_drives_have_the_mean_square_of_their_ring()
    {
        const int States = 512, Length = 400, Rows = 8;
        using var tape = new Tape { IsRecording = false };
        Tensor logs = Tensor.Zeros(new Shape(2, States)), gain = Tensor.Zeros(new Shape(States));
        LruParameters.DrawRing(logs, gain, (0, 0.9, 2 * Math.PI), new RandomKey(3, "ring"));
        Tensor lambda = Tensor.Zeros(new Shape(2 * States));
        double expected = 0;
        for (int i = 0; i < States; i++)
        {
            double radius = Math.Exp(-Math.Exp(logs[0, i])), angle = Math.Exp(logs[1, i]);
            (lambda[i], lambda[States + i]) = (radius * Math.Cos(angle), radius * Math.Sin(angle));
            expected += 1 / (1 - radius * radius) / States;
        }
        // Complex inputs of mean square 1, one per state.
        Tensor weight = Tensor.Zeros(new Shape(2 * States, 2 * States));
        for (int i = 0; i < 2 * States; i++) weight[i, i] = Math.Sqrt(0.5);
        Tensor x = ModuleTests.Random(new Shape(Rows, Length, 2 * States), 5, ElementType.Float32);
        Tensor last = Ops.ComplexDiagonal(tape.Constant(x), tape.Constant(weight), tape.Constant(lambda))
            .Value.Slice(1, Length / 2, Length / 2).Clone();
        double square = 2 * last.ToDoubles().Average(s => s * s);
        square.ShouldBe(expected, 0.01 * expected);
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_one_line()
    {
        var parameters = Recurrences.Draw("rnn-tanh", Inputs, Units).Parameters;
        string Message(Action make) => Should.Throw<ArgumentException>(make).Message;
        Message(() => new LeakyRnn("leaky-1", parameters, new Gelu("g"), Leak(0.5))).ShouldContain("expected tanh");
        Message(() => new LeakyRnn("leaky-1", parameters, null)).ShouldStartWith(
            "'leaky-1' needs leaks, either fixed or trained");
        Message(() => new LeakyRnn("leaky-1", parameters, null, Leak(1.5))).ShouldBe(
            "'leaky-1' got leaks out of range; expected 4 above 0 and up to 1");
        Message(() => new OrthogonalRnn("o-1", parameters, Tensor.Zeros(new Shape(3, 3)), null)).ShouldBe(
            "'o-1' starts with [3, 3]; expected [4, 4]");
        Should.Throw<ArgumentOutOfRangeException>(() => LruParameters.DrawRing(
            Tensor.Zeros(new Shape(2, 3)), Tensor.Zeros(new Shape(3)), (0.9, 0.5, 1), default));
    }

    private static void CheckParameter(Recurrent layer, Parameter parameter)
    {
        const double H = 1e-5;
        Tensor x = Sequences(), cotangent;
        Kernels.FillInPlace(parameter.Gradient, 0);
        using (var tape = new Tape())
        {
            Variable y = layer.Apply(tape.Constant(x), ModuleTests.Training(0));
            cotangent = ModuleTests.Random(y.Shape, 8, ElementType.Float64);
            tape.Backward(y, cotangent);
        }
        double[] weights = cotangent.ToDoubles();
        Tensor direction = ModuleTests.Random(parameter.Value.Shape, 9, ElementType.Float64);
        double At(double h)
        {
            Kernels.AddScaledInPlace(parameter.Value, h, direction);
            double value = Apply(layer, x).ToDoubles().Zip(weights, (y, weight) => y * weight).Sum();
            Kernels.AddScaledInPlace(parameter.Value, -h, direction);
            return value;
        }
        double numeric = (At(H) - At(-H)) / (2 * H);
        Kernels.Dot(parameter.Gradient, direction).ShouldBe(
            numeric, 1e-6 * Math.Max(1, Math.Abs(numeric)), parameter.Name);
    }

    private static Tensor Leak(double alpha, int units = Units, ElementType type = ElementType.Float64) =>
        Tensor.Full(new Shape(units), alpha, type);

    private static Recurrent Draw(
        string variant, int? window = null, int units = Units, ElementType type = ElementType.Float64)
    {
        Parameter Of(string role, long seed, double std, params int[] extents)
        {
            Tensor draws = ModuleTests.Random(new Shape(extents), seed, type);
            Kernels.Scale(draws, std, draws);
            return new Parameter($"{variant}.{role}", draws);
        }
        int gates = variant switch { "peepholes" or "skip-lstm" => Lstm.Gates, "skip-gru" => Gru.Gates, _ => 1 };
        var parameters = new RecurrentParameters(
            Of("weight", 1, 0.5, gates * units, Inputs), Of("recurrent-weight", 2, 0.4, gates * units, units),
            Of("bias", 3, 0.3, gates * units), Of("recurrent-bias", 4, 0.3, gates * units));
        RecurrentParameters Skipping() => parameters with
        {
            Skip = new SkipParameters(Of("skip-weight", 6, 0.4, gates * units, units), 3),
        };
        RecurrentParameters With(int numbers) => parameters with { PerUnit = Of("per-unit", 5, 0.3, numbers * units) };
        Tensor start = Tensor.Zeros(new Shape(units, units), type);
        for (int i = 0; i < units; i++) start[i, (i + 1) % units] = 1;
        return variant switch
        {
            "leaky" => new LeakyRnn(variant, parameters, new Tanh(variant), Leak(0.3, units, type), window),
            "leaky-trained" => new LeakyRnn(variant, With(1), null, null, window),
            "orthogonal" => new OrthogonalRnn(variant, parameters, start, new Tanh(variant), window),
            "mod-relu" => new OrthogonalRnn(variant, With(1), start, null, window),
            "peepholes" => new Lstm(variant, With(3), window),
            "layer-norm" => new Rnn(variant, With(2), new Tanh(variant), window, isNormalized: true),
            "layer-norm-skip" => new Rnn(
                variant, Skipping() with { PerUnit = With(2).PerUnit }, null, window, isNormalized: true),
            "skip" => new Rnn(variant, Skipping(), new Tanh(variant), window),
            "skip-lstm" => new Lstm(variant, Skipping(), window),
            "skip-gru" => new Gru(variant, Skipping(), window),
            _ => new Lru(variant, new LruParameters(
                new RecurrentParameters(
                    Of("weight", 1, 0.5, 2 * units, Inputs), Of("recurrent-weight", 2, 0.5, 2, units),
                    PerUnit: Of("gain", 5, 0.3, units)),
                Of("output", 6, 0.5, 5, 2 * units), Of("direct", 7, 0.5, 5, Inputs)), window),
        };
    }

    private static Tensor Sequences() => ModuleTests.Random(new Shape(Samples, Steps, Inputs), 7, ElementType.Float64);

    private static Tensor Apply(Module module, Tensor x, CarriedStates? carried = null)
    {
        using var tape = new Tape { IsRecording = false };
        return module.Apply(tape.Constant(x), Pass.Evaluation with { Carried = carried }).Value.Clone();
    }
}
