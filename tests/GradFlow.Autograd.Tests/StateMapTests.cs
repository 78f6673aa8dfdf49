using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>The map from one state of a recurrent layer to the next.</summary>
public sealed class StateMapTests
{
    private const int Samples = 2, Steps = 5, Units = 4;

    public static TheoryData<RecurrentCell> AllCells => [.. Enum.GetValues<RecurrentCell>()];

    [Theory]
    [MemberData(nameof(AllCells))]
    public void Its_Jacobian_is_that_of_the_same_cell_made_of_small_ops(RecurrentCell cell)
    {
        using var tape = new Tape();
        (StateMap map, UnrolledCells cells) = Both(tape, cell);
        for (int step = 1; step < Steps; step++)
        {
            for (int sample = 0; sample < Samples; sample++)
            {
                double[] fused = [.. map.Jacobian(sample, step).Cast<double>()];
                fused.ShouldBe(Unrolled(tape, cells, cell, sample, step), 1e-13, $"{cell}, step {step}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllCells))]
    public void A_push_is_the_product_with_the_Jacobian(RecurrentCell cell)
    {
        using var tape = new Tape();
        StateMap map = Both(tape, cell).Map;
        double[] v = Draws.Twofold("v", map.Size).ToDoubles(), into = new double[map.Size];
        map.Push(1, 3, v, into);
        double[,] jacobian = map.Jacobian(1, 3);
        into.ShouldBe([.. Enumerable.Range(0, map.Size).Select(
            i => Enumerable.Range(0, map.Size).Sum(j => jacobian[i, j] * v[j]))], 1e-14);
    }

    [Theory]
    [InlineData(RecurrentCell.Tanh, 0)]
    [InlineData(RecurrentCell.Lstm, 2)]
    [InlineData(RecurrentCell.Gru, 2)]
    public void Its_recurrent_matrix_is_the_block_of_the_candidate(RecurrentCell cell, int block)
    {
        using var tape = new Tape();
        RecurrentInputs weights = RecurrentTests.Weights(tape, cell, 3, Units);
        Variable output = RecurrentTests.Fused(cell, tape.Input(Draws.Twofold("x", Samples, Steps, 3)), weights);
        output.Recurrence!.Map!.RecurrentMatrix().Cast<double>().ShouldBe(
            weights.RecurrentWeight.Value.Slice(0, block * Units, Units).ToDoubles());
    }

    [Fact]
    public void Leaks_and_turns_are_part_of_the_recurrent_matrix()
    {
        using var tape = new Tape();
        foreach (RecurrentCell cell in new[] { RecurrentCell.LeakyLinear, RecurrentCell.ComplexDiagonal })
        {
            // Both are linear, so that each step's Jacobian is that matrix.
            StateMap map = Both(tape, cell).Map;
            map.RecurrentMatrix().Cast<double>().ShouldBe(map.Jacobian(0, 2).Cast<double>(), 1e-14);
        }
    }

    [Fact]
    public void Gates_are_measured_where_they_lie()
    {
        using var tape = new Tape();
        // Without weights, each gate is the logistic function of its bias: 0.5, 0.95, 0.5, 0.05 and 0.5, 0.95.
        double open = Math.Log(19), closed = -open;
        StateMap lstm = Biased(tape, RecurrentCell.Lstm, [0, open, 0, closed]);
        lstm.Gates.ShouldBe(["input", "forget", "output"]);
        ShouldBe(lstm.GateShares(0.1, 0.9), [(0.5, 0, 0), (0.95, 0, 1), (0.05, 1, 0)]);
        StateMap gru = Biased(tape, RecurrentCell.Gru, [0, open, 0]);
        gru.Gates.ShouldBe(["reset", "update"]);
        ShouldBe(gru.GateShares(0.1, 0.9), [(0.5, 0, 0), (0.95, 0, 1)]);
        Both(tape, RecurrentCell.Tanh).Map.Gates.ShouldBeEmpty();
    }

    [Fact]
    public void It_is_there_where_a_gradient_flows()
    {
        using var tape = new Tape { IsRecording = false };
        RecurrentTests.Fused(
            RecurrentCell.Gru, tape.Constant(Draws.Twofold("x", 1, 2, 3)),
            RecurrentTests.Weights(tape, RecurrentCell.Gru, 3, Units))
            .Recurrence!.Map.ShouldBeNull();
    }

    [Fact]
    public void Steps_and_sequences_that_are_not_there_are_refused()
    {
        using var tape = new Tape();
        StateMap map = Both(tape, RecurrentCell.Tanh).Map;
        Should.Throw<ArgumentOutOfRangeException>(() => map.Jacobian(0, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => map.Jacobian(0, Steps));
        Should.Throw<ArgumentOutOfRangeException>(() => map.Jacobian(Samples, 1));
        Should.Throw<ArgumentException>(() => map.Push(0, 1, new double[Units + 1], new double[Units]));
    }

    private static (StateMap Map, UnrolledCells Cells) Both(Tape tape, RecurrentCell cell)
    {
        RecurrentInputs weights = RecurrentTests.Weights(tape, cell, 3, RecurrentTests.UnitsOf(cell, Units));
        Variable x = tape.Input(Draws.Twofold("x", Samples, Steps, 3));
        var cells = new UnrolledCells(cell, weights);
        cells.Run(x);
        return (RecurrentTests.Fused(cell, x, weights).Recurrence!.Map.ShouldNotBeNull(), cells);
    }

    /// <summary>∂s_t/∂s_{t−1}, one walk back per row.</summary>
    private static double[] Unrolled(Tape tape, UnrolledCells cells, RecurrentCell cell, int sample, int step)
    {
        bool hasCell = cell is RecurrentCell.Lstm or RecurrentCell.PeepholeLstm;
        int units = RecurrentTests.UnitsOf(cell, Units);
        Variable[] State(int at) => hasCell ? [cells.States[at], cells.Carried[at]] : [cells.States[at]];
        double[] Of(Tensor? gradient) =>
            gradient is null ? new double[units] : gradient.ToDoubles()[(sample * units)..((sample + 1) * units)];
        Tensor ones = Tensor.Zeros(cells.States[0].Shape, ElementType.Float64);
        Kernels.FillInPlace(ones, 1);
        double[] seen = hasCell
            ? Of(tape.Gradients(cells.States[step - 1], [cells.Carried[step - 1]], ones)[0])
            : [];
        var rows = new List<double>();
        foreach (Variable part in State(step))
        {
            for (int unit = 0; unit < units; unit++)
            {
                Tensor seed = Tensor.Zeros(part.Shape, ElementType.Float64);
                seed.AsSpan<double>()[sample * units + unit] = 1;
                double[][] row = [.. tape.Gradients(part, State(step - 1), seed).Select(gradient => Of(gradient))];
                // A peephole shows c to h of its own step; that way is no part of what h itself does.
                if (hasCell) row[1] = [.. row[1].Zip(row[0], seen).Select(g => g.First - g.Second * g.Third)];
                rows.AddRange(row.SelectMany(numbers => numbers));
            }
        }
        return [.. rows];
    }

    private static StateMap Biased(Tape tape, RecurrentCell cell, double[] biases)
    {
        Variable Zeros(params int[] extents) =>
            tape.Input(Tensor.Zeros(new Shape(extents), ElementType.Float64));
        var weights = new RecurrentInputs(
            Zeros(biases.Length, 1), Zeros(biases.Length, 1), tape.Input(Tensor.From(biases)));
        return RecurrentTests.Fused(cell, tape.Input(Draws.Twofold("x", Samples, Steps, 1)), weights)
            .Recurrence!.Map.ShouldNotBeNull();
    }

    private static void ShouldBe(
        IReadOnlyList<ColumnShares> shares, (double Mean, double Below, double Above)[] expected)
    {
        shares.Select(share => share.Mean).ShouldBe(expected.Select(share => share.Mean), 1e-14);
        shares.Select(share => (share.Below, share.Above))
            .ShouldBe(expected.Select(share => (share.Below, share.Above)));
    }
}
