using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>Recurrent ops whose connections skip time steps, against the same cells made of small ops.</summary>
public sealed class RecurrentSkipTests
{
    private const int Inputs = 3;

    /// <summary>The cells that may have such connections.</summary>
    internal static readonly RecurrentCell[] Cells =
    [
        RecurrentCell.Linear, RecurrentCell.Tanh, RecurrentCell.Relu, RecurrentCell.ModRelu, RecurrentCell.Lstm,
        RecurrentCell.PeepholeLstm, RecurrentCell.Gru, RecurrentCell.NormalizedTanh,
    ];

    public static TheoryData<RecurrentCell> AllCells => [.. Cells];

    public static TheoryData<RecurrentCell, int?, int> CellsWindowsAndSkips =>
        new MatrixTheoryData<RecurrentCell, int?, int>(Cells, [null, 1, 3, 100], [2, 3, 5, 40]);

    [Theory]
    [MemberData(nameof(CellsWindowsAndSkips))]
    public void A_fused_layer_is_its_unrolled_self(RecurrentCell cell, int? window, int skip)
    {
        foreach ((int samples, int steps, int units) in new[] { (1, 1, 1), (3, 7, 3), (17, 6, 33), (9, 11, 8) })
        {
            foreach (bool hasState in (bool[])[false, true])
            {
                Tensor[] Differentiate(Func<Variable, RecurrentInputs, CarriedState?, Variable> layer)
                {
                    using var tape = new Tape();
                    Variable x = tape.Input(Draws.Twofold("x", samples, steps, Inputs));
                    RecurrentInputs weights = Weights(tape, cell, units, skip, ElementType.Float64);
                    CarriedState? state = hasState ? State(tape, cell, samples, units, skip) : null;
                    Variable y = layer(x, weights, state);
                    Variable[] inputs = [x, .. RecurrentTests.Trained(weights),
                        .. new[] { state?.H, state?.Cell }.OfType<Variable>()];
                    Tensor?[] gradients = tape.Gradients(y, inputs, Draws.Twofold("g", samples, steps, units));
                    return [y.Value.Clone(),
                        .. gradients.Select((g, i) => g ?? Tensor.Zeros(inputs[i].Shape, ElementType.Float64))];
                }
                Tensor[] fused = Differentiate((x, w, s) => RecurrentTests.Fused(cell, x, w, window, s));
                Tensor[] unrolled = Differentiate((x, w, s) => new UnrolledCells(cell, w).Run(x, window, s));
                for (int i = 0; i < fused.Length; i++)
                    fused[i].ToDoubles().ShouldBe(
                        unrolled[i].ToDoubles(), 1e-13 * Math.Max(1, Kernels.MaxAbs(unrolled[i])), $"{samples}: {i}");
            }
        }
    }

    /// <summary>
    /// The way through U and the way through V shrink or grow at different rates, so that what meets has exponents of
    /// its own: 10⁻¹² a step beside a hundredth per skip, far below beside far above, and the other way round.
    /// </summary>
    [Theory]
    [InlineData(RecurrentCell.Linear, 1e-12, 0.01, 5)]
    [InlineData(RecurrentCell.Linear, 1e-12, 1e-12, 7)]
    [InlineData(RecurrentCell.Linear, 30, 0.001, 4)]
    [InlineData(RecurrentCell.Linear, 0, 1e-9, 3)]
    [InlineData(RecurrentCell.Tanh, 1e-9, 300, 6)]
    [InlineData(RecurrentCell.Tanh, 30, 30, 2)]
    [InlineData(RecurrentCell.Lstm, 0.001, 0.001, 5)]
    [InlineData(RecurrentCell.Lstm, 300, 300, 5)]
    [InlineData(RecurrentCell.Gru, 300, 300, 5)]
    public void Norms_by_time_step_are_those_of_the_unrolled_tape_at_any_size(
        RecurrentCell cell, double scale, double skipScale, int skip)
    {
        const int Samples = 11, Steps = 60, Units = 9;
        using var tape = new Tape();
        Variable x = tape.Input(Tensor.Zeros(new Shape(Samples, Steps, 2)));
        RecurrentInputs weights = RecurrentTests.Weights(
            tape, cell, 2, Units, hasBias: false, ElementType.Float32, scale);
        weights = weights with { Skip = Skip(tape, cell, Units, skip, ElementType.Float32, skipScale) };
        Tensor seed = Tensor.Zeros(new Shape(Samples, Steps, Units));
        Kernels.Copy(Draws.Single("g", Samples, 1, Units), seed.Slice(1, Steps - 1, 1));
        Variable fused = RecurrentTests.Fused(cell, x, weights);
        var cells = new UnrolledCells(cell, weights);
        Variable unrolled = cells.Run(x);
        RecurrentNorms norms = tape.NormsThroughTime(fused, [fused], seed)[0].ShouldNotBeNull();

        double bound = Steps * 64 * Math.Pow(2, -24);
        double[] states = tape.Log10GradientNorms(unrolled, cells.States, seed);
        double[] skipped = tape.Log10GradientNorms(unrolled, cells.Skipped, seed);
        if (cell == RecurrentCell.Lstm)
            states = [.. states.Zip(tape.Log10GradientNorms(unrolled, cells.Carried, seed), Joined)];
        for (int t = 0; t < Steps; t++)
            for (int later = t + 1; later < Math.Min(t + skip, Steps); later++)
                states[t] = Joined(states[t], skipped[later]);
        norms.States.Select(double.IsFinite).ShouldBe(states.Select(double.IsFinite));
        norms.States.Where(double.IsFinite).ToArray().ShouldBe([.. states.Where(double.IsFinite)], bound);
        states.Where(double.IsFinite).Max(Math.Abs).ShouldBeGreaterThan(15, "the test is to leave the range");
        if (scale > 0)
            tape.Log10GradientNorms(fused, [x], seed)[0]
                .ShouldBe(tape.Log10GradientNorms(unrolled, [x], seed)[0], bound);
    }

    [Theory]
    [MemberData(nameof(AllCells))]
    public void Pieces_that_hand_on_their_states_give_what_the_whole_gives(RecurrentCell cell)
    {
        const int Samples = 4, Units = 6, Skip = 4;
        Tensor all = Draws.Twofold("x", Samples, 11, Inputs);
        using var tape = new Tape { IsRecording = false };
        RecurrentInputs weights = Weights(tape, cell, Units, Skip, ElementType.Float64);
        Tensor whole = RecurrentTests.Fused(cell, tape.Constant(all), weights).Value;
        CarriedState? state = null;
        foreach ((int start, int count) in new[] { (0, 2), (2, 1), (3, 6), (9, 2) })
        {
            Variable piece = RecurrentTests.Fused(
                cell, tape.Constant(all.Slice(1, start, count).Clone()), weights, null, state);
            piece.Value.ToDoubles().ShouldBe(whole.Slice(1, start, count).Clone().ToDoubles());
            RecurrentState last = piece.Recurrence!.LastState();
            state = new CarriedState(
                tape.Constant(last.H), last.Cell is { } c ? tape.Constant(c) : null, last.Past);
        }
    }

    [Fact]
    public void The_past_of_a_sample_ends_with_its_own_length()
    {
        const int Samples = 3, Units = 2, Skip = 4;
        using var tape = new Tape { IsRecording = false };
        RecurrentInputs weights = Weights(tape, RecurrentCell.Tanh, Units, Skip, ElementType.Float64);
        CarriedState begun = State(tape, RecurrentCell.Tanh, Samples, Units, Skip);
        Variable y = Ops.Rnn(
            tape.Constant(Draws.Twofold("x", Samples, 5, Inputs)), weights, initial: begun);
        Tensor past = y.Recurrence!.LastState(new[] { 5, 2, 0 }).Past!;

        double[] Row(Tensor states, int sample, int step) =>
            states.Slice(0, sample, 1).Slice(1, step, 1).ToDoubles();
        double[][] expected =
        [
            Row(y.Value, 0, 1), Row(y.Value, 0, 2), Row(y.Value, 0, 3),
            Row(begun.Past!, 1, 2), begun.H.Value.Slice(0, 1, 1).ToDoubles(), Row(y.Value, 1, 0),
            Row(begun.Past!, 2, 0), Row(begun.Past!, 2, 1), Row(begun.Past!, 2, 2),
        ];
        past.ToDoubles().ShouldBe(expected.SelectMany(row => row));
    }

    [Theory]
    [MemberData(nameof(AllCells))]
    public void Rows_have_the_same_bits_whatever_rows_lie_beside_them(RecurrentCell cell)
    {
        const int Most = 37, Units = 21;
        Tensor x = Draws.Single("x", Most, 9, Inputs), g = Draws.Single("g", Most, 9, Units);
        (double[] H, double[] Gx) Run(int samples)
        {
            using var tape = new Tape();
            Variable rows = tape.Input(x.Slice(0, 0, samples));
            Variable y = RecurrentTests.Fused(cell, rows, Weights(tape, cell, Units, 3, ElementType.Float32));
            return (y.Value.ToDoubles(), tape.Gradients(y, [rows], g.Slice(0, 0, samples))[0]!.ToDoubles());
        }
        (double[] all, double[] allBack) = Run(Most);
        foreach (int samples in (int[])[1, 4, 8, 20])
        {
            (double[] h, double[] gx) = Run(samples);
            h.ShouldBe(all[..h.Length]);
            gx.ShouldBe(allBack[..gx.Length]);
        }
    }

    /// <summary>s is h of all steps that are seen again, and of an LSTM c.</summary>
    [Theory]
    [MemberData(nameof(AllCells))]
    public void The_state_map_is_that_of_all_states_together(RecurrentCell cell)
    {
        const int Steps = 7, Units = 3, Skip = 3;
        using var tape = new Tape();
        RecurrentInputs weights = Weights(tape, cell, Units, Skip, ElementType.Float64);
        Variable x = tape.Input(Draws.Twofold("x", 2, Steps, Inputs));
        Variable fused = RecurrentTests.Fused(cell, x, weights);
        StateMap map = fused.Recurrence!.Map!;
        bool hasCell = Kernels.RecurrentCellAt(cell) is not null;
        map.Size.ShouldBe(Units * (Skip + (hasCell ? 1 : 0)));

        // The states are moved a little in a direction, and the next one is computed with them.
        const int Step = 5;
        const double H = 1e-6;
        double[] v = Draws.Twofold("v", map.Size).ToDoubles(), pushed = new double[map.Size];
        map.Push(1, Step, v, pushed);
        double[] After(double h)
        {
            Tensor State(Tensor states, int step, int at)
            {
                Tensor moved = states.Slice(0, 1, 1).Slice(1, step, 1).Clone();
                for (int i = 0; i < Units; i++) moved.AsSpan<double>()[i] += h * v[at + i];
                return moved;
            }
            int own = hasCell ? 2 * Units : Units;
            Tensor last = State(fused.Value, Step - 1, 0), past = Tensor.Zeros(
                new Shape(1, Skip - 1, Units), ElementType.Float64);
            for (int j = 0; j < Skip - 1; j++)
                Kernels.Copy(State(fused.Value, Step - 2 - j, own + j * Units), past.Slice(1, Skip - 2 - j, 1));
            Tensor cells = Tensor.Zeros(new Shape(fused.Shape[0], Units), ElementType.Float64);
            if (hasCell) fused.Recurrence.TakeCells(Enumerable.Repeat(Step - 1, fused.Shape[0]).ToArray(), cells);
            Tensor? c = hasCell ? State(cells.Reshape(new Shape(fused.Shape[0], 1, Units)), 0, Units) : null;
            var flat = new Shape(1, Units);
            Variable next = RecurrentTests.Fused(
                cell, tape.Constant(x.Value.Slice(0, 1, 1).Slice(1, Step, 1).Clone()), weights, null,
                new(tape.Constant(last.Reshape(flat)), c is null ? null : tape.Constant(c.Reshape(flat)), past));
            RecurrentState state = next.Recurrence!.LastState();
            // In time, the latest last; the map has the latest first.
            double[] earlier = [.. Enumerable.Range(0, Skip - 1).Reverse().SelectMany(
                j => state.Past!.Slice(1, j, 1).ToDoubles())];
            return [.. state.H.ToDoubles(), .. state.Cell?.ToDoubles() ?? [], .. earlier];
        }
        double[] numeric = [.. After(H).Zip(After(-H), (up, down) => (up - down) / (2 * H))];
        pushed.ShouldBe(numeric, 1e-8);
    }

    /// <summary>Without mixing, λᵏ = u·λᵏ⁻¹ + v.</summary>
    [Fact]
    public void The_recurrent_matrix_is_the_step_of_a_linear_layer()
    {
        using var tape = new Tape();
        RecurrentInputs weights = Weights(tape, RecurrentCell.Linear, 3, 4, ElementType.Float64);
        StateMap map = Ops.Rnn(
            tape.Input(Draws.Twofold("x", 1, 6, Inputs)), weights, RecurrentCell.Linear).Recurrence!.Map!;
        map.RecurrentMatrix().Cast<double>().ShouldBe(map.Jacobian(0, 5).Cast<double>(), 1e-14);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var tape = new Tape();
        Variable x = tape.Input(Draws.Twofold("x", 4, 5, 3)), h = tape.Input(Draws.Twofold("h", 4, 2));
        RecurrentInputs plain = RecurrentTests.Weights(tape, RecurrentCell.Tanh, 3, 2);
        RecurrentInputs skips = plain with { Skip = Skip(tape, RecurrentCell.Tanh, 2, 3, ElementType.Float64) };
        string Message(Action call) => Should.Throw<ArgumentException>(call).Message;
        SkipInputs ofGates = Skip(tape, RecurrentCell.Lstm, 2, 3, ElementType.Float64);
        Message(() => Ops.Rnn(x, plain with { Skip = ofGates })).ShouldBe(
            "weights [8, 2] of connections that skip time steps; expected [2, 2]");
        Message(() => Ops.LastState(Ops.Rnn(x, skips))).ShouldContain("ends with 3 states");
        Message(() => Ops.Rnn(x, plain, initial: new(h, Past: Draws.Twofold("p", 4, 2, 2))))
            .ShouldContain("has a past");
        Message(() => Ops.Rnn(x, skips, initial: new(h, Past: Draws.Twofold("p", 4, 1, 2)))).ShouldBe(
            "a past of [4, 1, 2] before the initial state; expected [4, 2, 2]");
        Message(() => Ops.LeakyRnn(x, skips with { PerUnit = h })).ShouldContain("expected one of both");
        Should.Throw<ArgumentOutOfRangeException>(
            () => Ops.Rnn(x, skips with { Skip = skips.Skip! with { Steps = 1 } }));
    }

    private static double Joined(double a, double b) => double.IsNegativeInfinity(Math.Max(a, b))
        ? a
        : Math.Max(a, b) + Math.Log10(1 + Math.Pow(10, -2 * Math.Abs(a - b))) / 2;

    private static RecurrentInputs Weights(Tape tape, RecurrentCell cell, int units, int skip, ElementType type) =>
        RecurrentTests.Weights(tape, cell, Inputs, units, type: type) with
        {
            Skip = Skip(tape, cell, units, skip, type),
        };

    private static SkipInputs Skip(
        Tape tape, RecurrentCell cell, int units, int steps, ElementType type, double scale = 1) => new(
            tape.Input(Draws.Normal(
                "v", type, scale * 0.7 / Math.Sqrt(units), Kernels.RecurrentStateGates(cell) * units, units)), steps);

    private static CarriedState State(Tape tape, RecurrentCell cell, int samples, int units, int skip)
    {
        Variable Draw(string name) => tape.Input(Draws.Twofold(name, samples, units));
        return new(
            Draw("h"), Kernels.RecurrentCellAt(cell) is null ? null : Draw("cell"),
            Draws.Twofold("past", samples, skip - 1, units));
    }
}
