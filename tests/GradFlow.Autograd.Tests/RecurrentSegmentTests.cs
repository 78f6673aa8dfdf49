using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>
/// Recurrent ops that keep the states between segments of time steps alone, against those that keep all.
/// </summary>
public sealed class RecurrentSegmentTests
{
    private const int Samples = 9, Steps = 11, Inputs = 3, Skip = 4;

    private static readonly int[] Segments = [1, 2, 3, 4, 10, 100];

    public static TheoryData<RecurrentCell> AllCells => [.. Enum.GetValues<RecurrentCell>()];

    public static TheoryData<RecurrentCell, int?> CellsAndWindows =>
        new MatrixTheoryData<RecurrentCell, int?>(Enum.GetValues<RecurrentCell>(), [null, 1, 5]);

    public static TheoryData<RecurrentCell, int?> SkippingCellsAndWindows =>
        new MatrixTheoryData<RecurrentCell, int?>(RecurrentSkipTests.Cells, [null, 5]);

    [Theory]
    [MemberData(nameof(CellsAndWindows))]
    public void States_are_the_same_bits_and_gradients_the_same_numbers(RecurrentCell cell, int? window)
    {
        foreach (bool hasState in (bool[])[false, true])
            foreach (int segment in Segments)
                ShouldBeThoseOfOnePiece(cell, window, hasState, segment, skip: null);
    }

    [Theory]
    [MemberData(nameof(SkippingCellsAndWindows))]
    public void Connections_that_skip_reach_over_segments(RecurrentCell cell, int? window)
    {
        foreach (bool hasState in (bool[])[false, true])
            foreach (int segment in Segments)
                ShouldBeThoseOfOnePiece(cell, window, hasState, segment, Skip);
    }

    /// <summary>The gradient leaves the range of float32, on the way up or down.</summary>
    [Theory]
    [InlineData(RecurrentCell.Tanh, 0.001)]
    [InlineData(RecurrentCell.Tanh, 30)]
    [InlineData(RecurrentCell.Lstm, 300)]
    [InlineData(RecurrentCell.Gru, 300)]
    public void Gradients_of_any_size_keep_their_norms(RecurrentCell cell, double scale)
    {
        (double[] ByStep, double[] Whole) Norms(int? segment)
        {
            using var tape = new Tape();
            Variable x = tape.Input(Tensor.Zeros(new Shape(Samples, 60, Inputs)));
            RecurrentInputs weights = RecurrentTests.Weights(
                tape, cell, Inputs, 9, hasBias: false, ElementType.Float32, scale);
            Variable h = RecurrentTests.Fused(cell, x, weights, segment: segment);
            Tensor seed = Tensor.Zeros(h.Shape);
            Kernels.Copy(Draws.Single("g", Samples, 1, 9), seed.Slice(1, 59, 1));
            RecurrentNorms norms = tape.NormsThroughTime(h, [h], seed)[0].ShouldNotBeNull();
            Math.Abs(norms.States[0]).ShouldBeGreaterThan(15, "the test is to leave the range");
            return ([.. norms.States, .. norms.Carried, .. norms.Preactivations],
                tape.Log10GradientNorms(h, [x], seed));
        }
        (double[] byStep, double[] whole) = Norms(null);
        foreach (int segment in (int[])[7, 8, 59])
        {
            (double[] own, double[] all) = Norms(segment);
            own.ShouldBe(byStep);
            all.ShouldBe(whole);
        }
    }

    [Theory]
    [MemberData(nameof(AllCells))]
    public void The_map_from_state_to_state_is_the_same_one(RecurrentCell cell)
    {
        int[] lengths = [3, 11, 0, 7, 8, 1, 2, 11, 5];
        double[] Read(int? segment)
        {
            using var tape = new Tape();
            StateMap map = Run(tape, cell, null, false, segment, null).H.Recurrence!.Map.ShouldNotBeNull();
            IEnumerable<double> numbers = Enumerable.Range(1, Steps - 1).SelectMany(
                step => map.Jacobian(Samples - 1, step).Cast<double>());
            return [.. numbers, .. new[] { default, lengths }.SelectMany(of => map.GateShares(0.3, 0.6, of))
                .SelectMany(shares => new[] { shares.Mean, shares.Below, shares.Above })];
        }
        double[] whole = Read(null);
        foreach (int segment in Segments) Read(segment).ShouldBe(whole, 1e-14, $"{segment}");
    }

    [Fact]
    public void A_last_state_is_had_of_samples_that_end_within_segments()
    {
        int[] lengths = [3, 11, 0, 7, 8, 1, 2, 11, 5];
        double[] Last(int? segment)
        {
            using var tape = new Tape { IsRecording = false };
            RecurrentState last = Run(tape, RecurrentCell.Lstm, null, true, segment, null)
                .H.Recurrence!.LastState(lengths);
            return [.. last.H.ToDoubles(), .. last.Cell!.ToDoubles()];
        }
        double[] whole = Last(null);
        foreach (int segment in Segments) Last(segment).ShouldBe(whole);
    }

    /// <summary>
    /// Of a unit and time step h and its cotangent stay, and all else is lent for √T of them: without segments what the
    /// cell keeps and the cotangents of its pre-activations stay too.
    /// </summary>
    [Theory]
    [InlineData(RecurrentCell.Tanh, 0 + 1)]
    [InlineData(RecurrentCell.Gru, 4 + 4)]
    [InlineData(RecurrentCell.Lstm, 6 + 4)]
    public void Of_all_time_steps_only_states_and_their_cotangents_stay(RecurrentCell cell, int others)
    {
        const int Long = 4096, Width = 16;
        double Bytes(int? segment)
        {
            var pool = new TensorPool();
            using var tape = new Tape(pool);
            Variable x = tape.Constant(Draws.Twofold("x", 4, Long, Inputs));
            RecurrentInputs weights = RecurrentTests.Weights(tape, cell, Inputs, Width);
            Variable h = RecurrentTests.Fused(cell, x, weights, segment: segment);
            tape.Gradients(
                Ops.Select(h, 1, Long - 1), [.. RecurrentTests.Trained(weights)], Draws.Twofold("g", 4, Width));
            return pool.AllocatedBytes;
        }
        double whole = Bytes(null), parted = Bytes(64);
        parted.ShouldBeLessThan(1.25 * whole * 2 / (2 + others));
    }

    private static void ShouldBeThoseOfOnePiece(
        RecurrentCell cell, int? window, bool hasState, int segment, int? skip)
    {
        (Tensor h, Tensor?[] gradients) Differentiate(int? length)
        {
            using var tape = new Tape();
            (Variable[] inputs, Variable y) = Run(tape, cell, window, hasState, length, skip);
            return (y.Value.Clone(), tape.Gradients(y, inputs, Draws.Twofold("g", [.. y.Shape])));
        }
        (Tensor whole, Tensor?[] expected) = Differentiate(null);
        (Tensor parted, Tensor?[] gradients) = Differentiate(segment);
        parted.ToDoubles().ShouldBe(whole.ToDoubles());
        for (int i = 0; i < expected.Length; i++)
            gradients[i]?.ToDoubles().ShouldBe(
                expected[i]!.ToDoubles(), 1e-13 * Math.Max(1, Kernels.MaxAbs(expected[i]!)), $"{segment}: {i}");
    }

    private static (Variable[] Inputs, Variable H) Run(
        Tape tape, RecurrentCell cell, int? window, bool hasState, int? segment, int? skip)
    {
        int units = RecurrentTests.UnitsOf(cell, 5);
        Variable Draw(string name, params int[] shape) => tape.Input(Draws.Twofold(name, shape));
        Variable x = Draw("x", Samples, Steps, Inputs);
        RecurrentInputs weights = RecurrentTests.Weights(tape, cell, Inputs, units);
        if (skip is { } steps)
            weights = weights with
            {
                Skip = new(Draw("v", Kernels.RecurrentStateGates(cell) * units, units), steps),
            };
        CarriedState? state = hasState
            ? new(
                Draw("h", Samples, units),
                Kernels.RecurrentCellAt(cell) is null ? null : Draw("c", Samples, units),
                skip is { } past ? Draws.Twofold("past", Samples, past - 1, units) : null)
            : null;
        Variable[] states = [.. new[] { state?.H, state?.Cell }.OfType<Variable>()];
        return ([x, .. RecurrentTests.Trained(weights), .. states],
            RecurrentTests.Fused(cell, x, weights, window, state, segment));
    }
}
