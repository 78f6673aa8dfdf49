using GradFlow.Tensors;
using GradFlow.TestKit;

namespace GradFlow.Autograd.Tests;

/// <summary>Recurrent ops over all time steps against the same cells made of small ops.</summary>
public sealed class RecurrentTests
{
    private static readonly RecurrentCell[] Cells = Enum.GetValues<RecurrentCell>();

    /// <summary>
    /// Samples, steps, inputs, units: no multiples of a vector or of a chunk, one of each, and larger ones.
    /// </summary>
    private static readonly int[][] Extents =
        [[1, 1, 1, 1], [3, 5, 2, 3], [5, 7, 4, 8], [9, 4, 1, 17], [17, 6, 3, 33], [33, 3, 20, 16]];

    public static TheoryData<RecurrentCell, int?> CellsAndWindows =>
        new MatrixTheoryData<RecurrentCell, int?>(Cells, [null, 1, 2, 100]);

    public static TheoryData<RecurrentCell> AllCells => [.. Cells];

    [Theory]
    [MemberData(nameof(CellsAndWindows))]
    public void A_fused_layer_is_its_unrolled_self(RecurrentCell cell, int? window)
    {
        foreach (int[] extents in Extents)
        {
            foreach (bool hasBias in (bool[])[true, false])
            {
                Tensor?[] fused = Differentiate(cell, extents, hasBias, (x, w) => Fused(cell, x, w, window));
                Tensor?[] unrolled = Differentiate(
                    cell, extents, hasBias, (x, w) => new UnrolledCells(cell, w).Run(x, window));
                for (int i = 0; i < fused.Length; i++)
                {
                    double bound = 1e-13 * Math.Max(1, Kernels.MaxAbs(unrolled[i]!));
                    fused[i]!.ToDoubles().ShouldBe(
                        unrolled[i]!.ToDoubles(), bound, $"{cell} {string.Join('x', extents)} {i}");
                }
            }
        }
    }

    /// <summary>
    /// The gradient shrinks by 10⁻³ per step or so, or grows by 30, at all of which float32 ends soon.
    /// </summary>
    [Theory]
    [InlineData(RecurrentCell.Linear, 0.001)]
    [InlineData(RecurrentCell.Tanh, 0.001)]
    [InlineData(RecurrentCell.Tanh, 30)]
    [InlineData(RecurrentCell.Lstm, 0.001)]
    [InlineData(RecurrentCell.Lstm, 300)]
    [InlineData(RecurrentCell.Gru, 300)]
    [InlineData(RecurrentCell.PeepholeLstm, 0.001)]
    [InlineData(RecurrentCell.LeakyTanh, 30)]
    public void Norms_by_time_step_are_those_of_the_unrolled_tape_at_any_size(RecurrentCell cell, double scale)
    {
        const int Samples = 11, Steps = 60, Units = 9;
        using var tape = new Tape();
        // Zeros come in, so that what grows on the way back doesn't grow forward.
        Variable x = tape.Input(Tensor.Zeros(new Shape(Samples, Steps, 2)));
        RecurrentInputs weights = Weights(tape, cell, 2, Units, hasBias: false, ElementType.Float32, scale);
        Tensor seed = Tensor.Zeros(new Shape(Samples, Steps, Units));
        Kernels.Copy(Draws.Single("g", Samples, 1, Units), seed.Slice(1, Steps - 1, 1));
        Variable fused = Fused(cell, x, weights, null);
        var cells = new UnrolledCells(cell, weights);
        Variable unrolled = cells.Run(x);
        RecurrentNorms norms = tape.NormsThroughTime(fused, [fused], seed)[0].ShouldNotBeNull();

        double bound = Steps * 64 * Math.Pow(2, -24);
        double[] states = tape.Log10GradientNorms(unrolled, cells.States, seed);
        if (cell is RecurrentCell.Lstm or RecurrentCell.PeepholeLstm)
        {
            double[] carried = tape.Log10GradientNorms(unrolled, cells.Carried, seed);
            norms.Carried.SkipLast(1).ToArray().ShouldBe(carried.SkipLast(1).ToArray(), bound);
            states = [.. states.Zip(carried, (h, c) => Math.Max(h, c)
                + Math.Log10(1 + Math.Pow(10, -2 * Math.Abs(h - c))) / 2)];
        }
        norms.States.ToArray().ShouldBe(states, bound);
        Math.Abs(states[0]).ShouldBeGreaterThan(15, "the test is to leave the range");
        if (cells.Preactivations.Count > 0)
            norms.Preactivations.ToArray().ShouldBe(
                tape.Log10GradientNorms(unrolled, cells.Preactivations, seed), bound);
        tape.Log10GradientNorms(fused, [x], seed)[0]
            .ShouldBe(tape.Log10GradientNorms(unrolled, [x], seed)[0], bound);
    }

    [Theory]
    [MemberData(nameof(AllCells))]
    public void Rows_have_the_same_bits_whatever_rows_lie_beside_them(RecurrentCell cell)
    {
        const int Most = 37;
        int units = UnitsOf(cell, 21);
        Tensor x = Draws.Single("x", Most, 9, 3), g = Draws.Single("g", Most, 9, units);
        (double[] h, double[] gx) Run(int samples)
        {
            using var tape = new Tape();
            Variable rows = tape.Input(x.Slice(0, 0, samples));
            Variable y = Fused(cell, rows, Weights(tape, cell, 3, units, true, ElementType.Float32), null);
            return (y.Value.ToDoubles(), tape.Gradients(y, [rows], g.Slice(0, 0, samples))[0]!.ToDoubles());
        }
        (double[] all, double[] allBack) = Run(Most);
        foreach (int samples in (int[])[1, 4, 7, 8, 16, 20, 36])
        {
            (double[] h, double[] gx) = Run(samples);
            h.ShouldBe(all[..h.Length]);
            gx.ShouldBe(allBack[..gx.Length]);
        }
    }

    [Theory]
    [MemberData(nameof(AllCells))]
    public void Gradients_have_the_same_bits_on_one_thread_and_on_two(RecurrentCell cell)
    {
        double[] Run(int threads)
        {
            int before = Workers.Threads;
            Workers.Use(threads);
            try
            {
                return [.. Differentiate(cell, [33, 6, 3, 21], true, (x, w) => Fused(cell, x, w))
                    .SelectMany(tensor => tensor!.ToDoubles())];
            }
            finally
            {
                Workers.Use(before);
            }
        }
        Run(2).ShouldBe(Run(1));
    }

    [Theory]
    [MemberData(nameof(AllCells))]
    public void A_gradient_that_enters_at_the_last_step_has_the_same_bits_as_among_zeros(RecurrentCell cell)
    {
        const int Samples = 9, Steps = 6;
        int units = UnitsOf(cell, 21);
        Tensor g = Draws.Single("g", Samples, units), seed = Tensor.Zeros(new Shape(Samples, Steps, units));
        Kernels.Copy(g.Reshape(new Shape(Samples, 1, units)), seed.Slice(1, Steps - 1, 1));
        double[] Gradients(Action<Tape, Variable> walk)
        {
            using var tape = new Tape();
            RecurrentInputs drawn = Weights(tape, cell, 3, units, type: ElementType.Float32);
            var parameters = new List<Parameter>();
            Variable? Use(Variable? weight)
            {
                if (weight is null) return null;
                parameters.Add(new Parameter($"w{parameters.Count}", weight.Value.Clone()));
                return tape.Use(parameters[^1]);
            }
            var weights = new RecurrentInputs(
                Use(drawn.Weight)!, Use(drawn.RecurrentWeight)!, Use(drawn.Bias), Use(drawn.RecurrentBias),
                Use(drawn.PerUnit));
            walk(tape, Fused(cell, tape.Input(Draws.Single("x", Samples, Steps, 3)), weights));
            return [.. parameters.SelectMany(parameter => parameter.Gradient?.ToDoubles() ?? [])];
        }
        double[] alone = Gradients((tape, y) => tape.Backward(Ops.Select(y, 1, Steps - 1), g));
        alone.ShouldNotBeEmpty();
        alone.ShouldBe(Gradients((tape, y) => tape.Backward(y, seed)));
    }

    [Theory]
    [MemberData(nameof(AllCells))]
    public void A_step_allocates_no_more_for_longer_and_wider_layers(RecurrentCell cell)
    {
        long BytesPerStep(int samples, int steps, int units)
        {
            var pool = new TensorPool();
            Tensor x = Draws.Single("x", samples, steps, 3), g = Draws.Single("g", samples, steps, units);
            int rows = Kernels.RecurrentGates(cell) * units;
            int perUnit = Kernels.RecurrentPerUnit(cell) * units;
            Tensor w = Draws.Single("w", rows, 3), u = Draws.Single("u", rows, units), b = Draws.Single("b", rows);
            Tensor p = Draws.Single("p", perUnit);
            void Step()
            {
                using var tape = new Tape(pool);
                Variable bias = tape.Input(b);
                tape.Backward(Fused(cell, tape.Input(x), new(
                    tape.Input(w), tape.Input(u), bias, bias, perUnit > 0 ? tape.Input(p) : null)), g);
            }
            return SteadyAllocations.PerStep(Step);
        }
        (BytesPerStep(33, 100, 24) - BytesPerStep(3, 5, 4)).ShouldBeLessThan(1024);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var tape = new Tape();
        RecurrentInputs weights = Weights(tape, RecurrentCell.Lstm, 3, 2);
        Variable x = tape.Input(Draws.Twofold("x", 4, 5, 3));
        string Message(Func<Variable> call) => Should.Throw<ArgumentException>(() => call()).Message;
        Message(() => Ops.Rnn(x, weights)).ShouldBe(
            "weights [8, 3] and [8, 2]; expected [1·units, in] and [1·units, units]");
        Message(() => Ops.Lstm(Ops.Select(x, 1, 0), weights))
            .ShouldBe("input [4, 3] does not fit weight [8, 3]; expected [n, T, 3]");
        Message(() => Ops.Rnn(x, weights, RecurrentCell.Gru)).ShouldContain("expected tanh, relu, linear or modReLU");
        Should.Throw<ArgumentOutOfRangeException>(() => Ops.Lstm(x, weights, window: 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new TimeSegments(0));
    }

    internal static Variable Fused(
        RecurrentCell cell, Variable x, RecurrentInputs weights, int? window = null, CarriedState? initial = null,
        int? segment = null, bool isLastAlone = false)
    {
        TimeSegments? segments = segment is { } length ? new(length) { IsLastAlone = isLastAlone } : null;
        return cell switch
        {
            RecurrentCell.Lstm or RecurrentCell.PeepholeLstm =>
                Ops.Lstm(x, weights, window, initial, keepsLast: true, segments),
            RecurrentCell.Gru => Ops.Gru(x, weights, window, initial, segments),
            RecurrentCell.LeakyLinear or RecurrentCell.LeakyTanh or RecurrentCell.LeakyRelu =>
                Ops.LeakyRnn(x, weights, cell, window, initial, segments),
            RecurrentCell.ComplexDiagonal => Ops.ComplexDiagonal(
                x, weights.Weight, weights.PerUnit!, window, initial, segments),
            _ => Ops.Rnn(x, weights, cell, window, initial, segments),
        };
    }

    /// <summary>The output, and the gradients by input and weights.</summary>
    private static Tensor?[] Differentiate(
        RecurrentCell cell, int[] extents, bool hasBias, Func<Variable, RecurrentInputs, Variable> layer)
    {
        (int samples, int steps, int inputs) = (extents[0], extents[1], extents[2]);
        int units = UnitsOf(cell, extents[3]);
        using var tape = new Tape();
        Variable x = tape.Input(Draws.Twofold("x", samples, steps, inputs));
        RecurrentInputs weights = Weights(tape, cell, inputs, units, hasBias);
        Variable y = layer(x, weights);
        return [y.Value.Clone(), .. tape.Gradients(
            y, [x, .. Trained(weights)], Draws.Twofold("g", samples, steps, units))];
    }

    internal static RecurrentInputs Weights(
        Tape tape, RecurrentCell cell, int inputs, int units, bool hasBias = true,
        ElementType type = ElementType.Float64, double scale = 1)
    {
        int rows = Kernels.RecurrentGates(cell) * units, stateRows = Kernels.RecurrentStateGates(cell) * units;
        Variable Draw(string name, double std, params int[] shape) => tape.Input(Draws.Normal(name, type, std, shape));
        return new(
            Draw("w", 0.5, rows, inputs), Draw("u", scale * 0.7 / Math.Sqrt(units), stateRows, units),
            hasBias && stateRows > 0 ? Draw("b", 0.3, rows) : null,
            hasBias && stateRows > 0 ? Draw("c", 0.3, rows) : null,
            PerUnit(tape, cell, units, type));
    }

    /// <summary>A complex state has two numbers.</summary>
    internal static int UnitsOf(RecurrentCell cell, int states) =>
        cell == RecurrentCell.ComplexDiagonal ? 2 * states : states;

    /// <summary>What a gradient flows to.</summary>
    internal static IEnumerable<Variable> Trained(RecurrentInputs weights) => new[]
    {
        weights.Weight, weights.RecurrentWeight.Shape.Size > 0 ? weights.RecurrentWeight : null, weights.Bias,
        weights.RecurrentBias, weights.PerUnit, weights.Skip?.Weight,
    }.OfType<Variable>();

    /// <summary>Leaks, peepholes and the like, about where they lie in use.</summary>
    private static Variable? PerUnit(Tape tape, RecurrentCell cell, int units, ElementType type)
    {
        int size = Kernels.RecurrentPerUnit(cell) * units;
        if (size == 0) return null;
        bool leaks = cell is RecurrentCell.LeakyLinear or RecurrentCell.LeakyTanh or RecurrentCell.LeakyRelu;
        Tensor numbers = Draws.Normal("p", type, leaks ? 0.1 : 0.4, size);
        if (leaks)
            for (int i = 0; i < size; i++) numbers[i] += 0.5;
        return tape.Input(numbers);
    }
}
