using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>Recurrent ops that begin with a state and hand one on.</summary>
public sealed class RecurrentStateTests
{
    private const int Inputs = 3;

    public static TheoryData<RecurrentCell> Cells => [.. Enum.GetValues<RecurrentCell>()];

    public static TheoryData<RecurrentCell, int?> CellsAndWindows =>
        new MatrixTheoryData<RecurrentCell, int?>(Enum.GetValues<RecurrentCell>(), [null, 2, 3, 6]);

    [Theory]
    [MemberData(nameof(CellsAndWindows))]
    public void A_fused_layer_that_begins_with_a_state_is_its_unrolled_self(RecurrentCell cell, int? window)
    {
        int units = RecurrentTests.UnitsOf(cell, 7);
        foreach (int samples in (int[])[1, 5, 17])
        {
            Tensor[] Differentiate(Func<Variable, RecurrentInputs, CarriedState, Variable> layer)
            {
                using var tape = new Tape();
                Variable x = tape.Input(Draws.Twofold("x", samples, 6, Inputs));
                RecurrentInputs weights = RecurrentTests.Weights(tape, cell, Inputs, units);
                CarriedState state = State(tape, cell, samples, units, ElementType.Float64);
                Variable y = layer(x, weights, state);
                Variable[] inputs = [x, .. RecurrentTests.Trained(weights),
                    .. new[] { state.H, state.Cell }.OfType<Variable>()];
                Tensor?[] gradients = tape.Gradients(y, inputs, Draws.Twofold("g", samples, 6, units));
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

    [Theory]
    [InlineData(RecurrentCell.Linear, 0.001)]
    [InlineData(RecurrentCell.Tanh, 30)]
    [InlineData(RecurrentCell.Lstm, 0.001)]
    [InlineData(RecurrentCell.Lstm, 300)]
    [InlineData(RecurrentCell.Gru, 300)]
    [InlineData(RecurrentCell.LeakyTanh, 30)]
    [InlineData(RecurrentCell.PeepholeLstm, 0.001)]
    public void The_gradient_by_the_initial_state_is_that_of_the_unrolled_tape_at_any_size(
        RecurrentCell cell, double scale)
    {
        const int Samples = 37, Steps = 60, Units = 9;
        using var tape = new Tape();
        Variable x = tape.Input(Tensor.Zeros(new Shape(Samples, Steps, Inputs)));
        RecurrentInputs weights = RecurrentTests.Weights(
            tape, cell, Inputs, Units, hasBias: false, ElementType.Float32, scale);
        CarriedState state = State(tape, cell, Samples, Units, ElementType.Float32, std: 0);
        Tensor seed = Tensor.Zeros(new Shape(Samples, Steps, Units));
        Kernels.Copy(Draws.Single("g", Samples, 1, Units), seed.Slice(1, Steps - 1, 1));
        Variable[] parts = [.. new[] { state.H, state.Cell }.OfType<Variable>()];

        double[] fused = tape.Log10GradientNorms(RecurrentTests.Fused(cell, x, weights, null, state), parts, seed);
        double[] unrolled = tape.Log10GradientNorms(
            new UnrolledCells(cell, weights).Run(x, null, state), parts, seed);
        fused.ShouldBe(unrolled, Steps * 64 * Math.Pow(2, -24));
        Math.Abs(fused[0]).ShouldBeGreaterThan(15, "the test is to leave the range");
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_sequence_in_pieces_has_the_outputs_and_gradients_of_the_whole(RecurrentCell cell)
    {
        const int Samples = 5, Units = 6;
        Tensor all = Draws.Twofold("x", Samples, 9, Inputs), g = Draws.Twofold("g", Samples, 9, Units);
        using var tape = new Tape();
        RecurrentInputs weights = RecurrentTests.Weights(tape, cell, Inputs, Units);
        Variable x = tape.Input(all), whole = RecurrentTests.Fused(cell, x, weights);
        var pieces = new List<Variable>();
        CarriedState? state = null;
        foreach ((int start, int count) in new[] { (0, 4), (4, 1), (5, 4) })
        {
            pieces.Add(RecurrentTests.Fused(cell, Ops.Slice(x, 1, start, count), weights, null, state));
            state = Ops.LastState(pieces[^1]);
        }
        Variable joined = Ops.Concatenate(pieces, 1);

        joined.Value.ToDoubles().ShouldBe(whole.Value.ToDoubles());
        Variable[] inputs = [x, .. RecurrentTests.Trained(weights)];
        double[][] expected = [.. tape.Gradients(whole, inputs, g).Select(t => t!.ToDoubles())];
        Tensor?[] actual = tape.Gradients(joined, inputs, g);
        for (int i = 0; i < inputs.Length; i++) actual[i]!.ToDoubles().ShouldBe(expected[i], 1e-12);
    }

    /// <summary>
    /// Float32 ends at 10⁻⁴⁵; the gradient through both pieces is smaller than through one by all of that.
    /// </summary>
    [Fact]
    public void A_gradient_that_has_vanished_in_one_piece_goes_on_in_the_piece_before()
    {
        const int Samples = 20, Steps = 30, Units = 4;
        using var tape = new Tape();
        RecurrentInputs weights = RecurrentTests.Weights(
            tape, RecurrentCell.Lstm, Inputs, Units, hasBias: false, ElementType.Float32, scale: 0.001);
        Variable x = tape.Input(Tensor.Zeros(new Shape(Samples, Steps, Inputs)));
        Variable first = Ops.Lstm(x, weights);
        Variable second = Ops.Lstm(tape.Input(Tensor.Zeros(x.Shape)), weights, null, Ops.LastState(first));
        // No forget gate but its middle: c halves at each step, twice 30 times, and h is half of c.
        Tensor seed = Tensor.Zeros(second.Shape);
        Kernels.FillStepInPlace(seed, Steps - 1, 1e-35);

        double[] logs = tape.Log10GradientNorms(second, [x], seed);
        Variable whole = Ops.Lstm(
            Ops.Concatenate([x, tape.Input(Tensor.Zeros(x.Shape))], 1), weights);
        Tensor late = Tensor.Zeros(whole.Shape);
        Kernels.FillStepInPlace(late, 2 * Steps - 1, 1e-35);
        logs.ShouldBe(tape.Log10GradientNorms(whole, [x], late), 1e-4);
        logs[0].ShouldBeLessThan(-43);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_last_state_of_a_sample_is_that_of_its_own_length(RecurrentCell cell)
    {
        const int Samples = 4, Units = 4;
        int[] lengths = [5, 1, 3, 0];
        Tensor all = Draws.Twofold("x", Samples, 5, Inputs);
        using var tape = new Tape { IsRecording = false };
        RecurrentInputs weights = RecurrentTests.Weights(tape, cell, Inputs, Units);
        CarriedState initial = State(tape, cell, Samples, Units, ElementType.Float64);
        RecurrentState last = RecurrentTests.Fused(cell, tape.Constant(all), weights, null, initial)
            .Recurrence!.LastState(lengths);
        for (int i = 0; i < Samples; i++)
        {
            Tensor Of(Tensor part) => part.Slice(0, i, 1).Clone();
            RecurrentState expected = lengths[i] == 0
                ? new(Of(initial.H.Value), initial.Cell is { } c ? Of(c.Value) : null)
                : RecurrentTests.Fused(
                    cell, tape.Constant(Of(all).Slice(1, 0, lengths[i]).Clone()), weights, null,
                    new(tape.Constant(Of(initial.H.Value)), initial.Cell is { } d ? tape.Constant(Of(d.Value)) : null))
                    .Recurrence!.LastState();
            Of(last.H).ToDoubles().ShouldBe(expected.H.ToDoubles());
            if (initial.Cell is not null) Of(last.Cell!).ToDoubles().ShouldBe(expected.Cell!.ToDoubles());
        }
    }

    [Fact]
    public void States_that_do_not_fit_are_named()
    {
        using var tape = new Tape { IsRecording = false };
        Variable x = tape.Input(Draws.Twofold("x", 4, 5, 3)), h = tape.Input(Draws.Twofold("h", 4, 2));
        RecurrentInputs lstm = RecurrentTests.Weights(tape, RecurrentCell.Lstm, 3, 2);
        RecurrentInputs gru = RecurrentTests.Weights(tape, RecurrentCell.Gru, 3, 2);
        string Message(Action call) => Should.Throw<ArgumentException>(call).Message;
        Message(() => Ops.Lstm(x, lstm, null, new(h))).ShouldBe(
            "the initial state has no c; expected h and c of an LSTM");
        Message(() => Ops.Gru(x, gru, null, new(h, h))).ShouldBe(
            "the initial state has a c; expected h alone, as only an LSTM has both");
        Message(() => Ops.Gru(x, gru, null, new(tape.Input(Draws.Twofold("h", 3, 2))))).ShouldBe(
            "an initial state of [3, 2]; expected [4, 2], one for each sample");
        Message(() => Ops.LastState(x)).ShouldContain("no recurrent op");
        Message(() => Ops.LastState(Ops.Gru(x, gru), new[] { 5, 5, 5, 0 })).ShouldBe(
            "a length of 0; expected 1 to 5 time steps");
        Message(() => Ops.LastState(Ops.Gru(x, gru), new[] { 5 })).ShouldBe(
            "1 lengths of sequences [4, 5, 2]; expected one of each");
        Should.Throw<InvalidOperationException>(() => Ops.LastState(Ops.Lstm(x, lstm)));
    }

    private static CarriedState State(
        Tape tape, RecurrentCell cell, int samples, int units, ElementType type, double std = 0.5)
    {
        Variable Draw(string name) => tape.Input(Draws.Normal(name, type, std, samples, units));
        return new(Draw("h"), Kernels.RecurrentCellAt(cell) is null ? null : Draw("cell"));
    }
}
