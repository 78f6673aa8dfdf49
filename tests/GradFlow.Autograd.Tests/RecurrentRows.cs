using GradFlow.Tensors;

namespace GradFlow.Autograd.Tests;

/// <summary>
/// Shapes to check the derivatives of recurrent ops on, with and without biases and an initial state.
/// </summary>
internal static class RecurrentRows
{
    private static readonly (int N, int T, int In, int Units)[] Extents =
        [(1, 1, 1, 1), (3, 4, 2, 5), (5, 3, 1, 9)];

    public static IEnumerable<OpCase> All =>
    [
        .. Enum.GetValues<RecurrentCell>().SelectMany(cell => Extents.SelectMany(extents => Of(cell, extents))),
        .. RecurrentSkipTests.Cells.SelectMany(OfSkips),
    ];

    /// <summary>Connections that skip two of five time steps, with a past and without.</summary>
    private static IEnumerable<OpCase> OfSkips(RecurrentCell cell)
    {
        const int N = 3, T = 5, Units = 4, Skip = 2;
        int rows = Kernels.RecurrentGates(cell) * Units, numbers = Kernels.RecurrentPerUnit(cell) * Units;
        int[][] weights = [[N, T, 2], [rows, 2], [rows, Units], [rows, Units],
            .. numbers > 0 ? new int[][] { [numbers] } : []];
        Variable Run(IReadOnlyList<Variable> x, CarriedState? initial, int? segment = null) => RecurrentTests.Fused(
            cell, x[0], new(x[1], x[2], PerUnit: numbers > 0 ? x[4] : null, Skip: new(x[3], Skip)), null, initial,
            segment);
        Tensor past = Draws.Twofold("past", N, Skip - 1, Units);
        yield return new(NameOf(cell), weights, (_, x) => Run(x, null), x => SizeIn(cell) * x);
        yield return new(
            NameOf(cell), [.. weights, [N, Units], [N, Units]],
            (_, x) => Run(x, new(x[^2], Kernels.RecurrentCellAt(cell) is null ? null : x[^1], past), segment: 2),
            x => SizeIn(cell) * x);
    }

    /// <summary>
    /// Of the draws: normalisation's third derivative grows as its input shrinks, and central differences with it.
    /// </summary>
    private static double SizeIn(RecurrentCell cell) => cell >= RecurrentCell.NormalizedLinear ? 1 : 0.3;

    private static string NameOf(RecurrentCell cell) => cell switch
    {
        RecurrentCell.Lstm or RecurrentCell.PeepholeLstm => nameof(Ops.Lstm),
        RecurrentCell.Gru => nameof(Ops.Gru),
        RecurrentCell.ComplexDiagonal => nameof(Ops.ComplexDiagonal),
        RecurrentCell.LeakyLinear or RecurrentCell.LeakyTanh or RecurrentCell.LeakyRelu => nameof(Ops.LeakyRnn),
        _ => nameof(Ops.Rnn),
    };

    private static IEnumerable<OpCase> Of(RecurrentCell cell, (int N, int T, int In, int Units) s)
    {
        s.Units = RecurrentTests.UnitsOf(cell, s.Units);
        // A single input may be near 0, and with it all that is normalised.
        if (cell >= RecurrentCell.NormalizedLinear) s.In += 2;
        int rows = Kernels.RecurrentGates(cell) * s.Units, states = Kernels.RecurrentCellAt(cell) is null ? 1 : 2;
        int numbers = Kernels.RecurrentPerUnit(cell) * s.Units, last = 2 + (numbers > 0 ? 1 : 0);
        int[][] weights = [[s.N, s.T, s.In], [rows, s.In], [Kernels.RecurrentStateGates(cell) * s.Units, s.Units],
            .. numbers > 0 ? new int[][] { [numbers] } : []];
        int[][] biases = [[rows], [rows]];
        int[][] state = [.. Enumerable.Repeat<int[]>([s.N, s.Units], states)];
        Variable Run(IReadOnlyList<Variable> x, bool hasBias, bool hasState, int? segment = null)
        {
            Variable? perUnit = numbers > 0 ? x[last] : null;
            return RecurrentTests.Fused(
                cell, x[0], hasBias ? new(x[1], x[2], x[last + 1], x[last + 2], perUnit) : new(
                    x[1], x[2], PerUnit: perUnit), null, hasState ? new(x[^states], states == 2 ? x[^1] : null) : null,
                segment);
        }
        OpCase Row(string name, Func<IReadOnlyList<Variable>, Variable> function, params int[][] shapes) =>
            new(name, shapes, (_, x) => function(x), x => SizeIn(cell) * x);

        string op = NameOf(cell);
        yield return Row(op, x => Run(x, false, false), weights);
        yield return Row(op, x => Run(x, true, false), [.. weights, .. biases]);
        yield return Row(op, x => Run(x, false, true), [.. weights, .. state]);
        yield return Row(op, x => Run(x, true, true), [.. weights, .. biases, .. state]);
        yield return Row(op, x => Run(x, true, true, segment: 2), [.. weights, .. biases, .. state]);
        yield return Row(nameof(Ops.LastState), x => Last(Run(x, true, false)), [.. weights, .. biases]);
        int[] lengths = [.. Enumerable.Range(0, s.N).Select(i => 1 + i % s.T)];
        yield return Row(nameof(Ops.LastState), x =>
        {
            Variable y = Run(x, false, true, segment: 3);
            return Ops.Concatenate([Last(y, lengths), Ops.Select(y, 1, s.T / 2)], 1);
        }, [.. weights, .. state]);
    }

    private static Variable Last(Variable output, int[]? lengths = null)
    {
        CarriedState last = Ops.LastState(output, lengths);
        return last.Cell is { } cell ? Ops.Concatenate([last.H, cell], 1) : last.H;
    }
}
