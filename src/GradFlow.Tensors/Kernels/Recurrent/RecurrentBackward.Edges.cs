using System.Numerics.Tensors;

namespace GradFlow.Tensors;

/// <content>Before the first time step and behind the last.</content>
internal sealed partial class RecurrentBackward<TCell, T, V>
{
    private readonly T[]? _begun = StateOf(pass.Stretch.Before)?.Elements<T>();
    private readonly int _begunAt = StateOf(pass.Stretch.Before)?.Offset ?? 0;

    /// <summary>What a cell carries past the weights.</summary>
    private static Tensor? StateOf(RecurrentState? state) => TCell.CellAt >= 0 ? state?.Cell : state?.H;

    /// <summary>What was carried past the weights from the step before, and where a sample's begins.</summary>
    private (T[]? Numbers, int At) Before(int sample, int t)
    {
        if (t == _first) return (_begun, _begunAt + sample * sizes.Units);
        int place = PlaceOf(sample, t - 1);
        return TCell.CellAt >= 0
            ? (_kept, (place * TCell.Kept + TCell.CellAt) * sizes.Units)
            : (_output, place * sizes.Units);
    }

    /// <summary>
    /// Adds ∂L/∂c of the samples whose last time step this is to what came back, at the larger exponent of both.
    /// </summary>
    private void MeetLastCell(LastCellCotangent last, int chunk, int t, ref int exponent)
    {
        (int first, int rows) = sizes.RowsOf(chunk);
        int units = sizes.Units, mine = last.Exponent;
        for (int row = 0; row < rows; row++)
        {
            if (t != last.Steps.Span[first + row]) continue;
            Span<T> entering = last.Mantissa.AsSpan<T>().Slice((first + row) * units, units);
            if (!entering.ContainsAnyExcept(T.Zero)) continue;
            if (LargestBack(chunk) == T.Zero) exponent = mine;
            if (exponent < mine)
            {
                Scale(chunk, exponent - mine);
                exponent = mine;
            }
            T scale = T.ScaleB(T.One, mine - exponent);
            Span<T> carried = local.AsSpan(Carried(chunk, row), units);
            for (int j = 0; j < units; j++) carried[j] += entering[j] * scale;
        }
    }

    /// <summary>Hands over what came back to the state before the first time step.</summary>
    private void GiveInitial(RecurrentState into, int chunk, int exponent)
    {
        (int first, int rows) = sizes.RowsOf(chunk);
        int units = sizes.Units;
        for (int row = 0; row < rows; row++)
        {
            Span<T> total = local.AsSpan(Total(chunk, row), units), carried = local.AsSpan(Carried(chunk, row), units);
            int at = (first + row) * units;
            Span<T> h = into.H.AsSpan<T>().Slice(at, units);
            total.CopyTo(h);
            if (into.Cell is { } cell) carried.CopyTo(cell.AsSpan<T>().Slice(at, units));
            else TensorPrimitives.Add(h, carried, h);
        }
        pass.InitialExponents!.AsSpan<double>()[chunk] = exponent;
    }
}
