using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>
/// All time steps of a chunk of a batch, forward. Its rows depend on nobody else's, so chunks never wait for each
/// other.
/// </summary>
/// <remarks>
/// A chunk's own numbers are, per row, the operand [x_t, h_{t−1}, h_{t−s}], the pre-activations, and what is carried
/// past the weights; each row ends with a vector's room for what runs over.
/// </remarks>
internal sealed class RecurrentForward<TCell, T, V>(
    RecurrentSizes sizes, PanelMatrix<T> matrix, T[] local, RecurrentWay way) : IChunkedWork
    where TCell : IRecurrentCell
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    private readonly int _operandStride = OperandStride(sizes);
    private readonly int _preStride = matrix.PaddedColumns + V.Count;
    private readonly int _size = LocalSize(sizes, matrix.PaddedColumns);
    private readonly T[] _x = way.X.Elements<T>(), _kept = way.Kept.Elements<T>(), _output = way.H.Elements<T>();
    private readonly T[] _perUnit = way.PerUnit?.Elements<T>() ?? [];
    private readonly int _perUnitAt = way.PerUnit?.Offset ?? 0;
    private readonly bool _fetches = CacheLines.ExceededBy<T>(way.Kept.Size);
    private readonly int _xAt = way.X.Offset, _keptAt = way.Kept.Offset, _outputAt = way.H.Offset;

    /// <summary>Numbers that each chunk needs for itself.</summary>
    public static int LocalSize(RecurrentSizes sizes, int paddedColumns) =>
        sizes.MostRows * (OperandStride(sizes) + paddedColumns + V.Count + CarriedStride(sizes));

    public void Run(int chunk)
    {
        (int first, int rows) = sizes.RowsOf(chunk);
        int operand = chunk * _size, pre = operand + sizes.MostRows * _operandStride;
        local.AsSpan(operand, _size).Clear();
        if (way.Initial is { } state) Begin(state, operand, pre, first, rows);
        for (int t = 0; t < sizes.Steps; t++)
        {
            for (int row = 0; row < rows; row++)
            {
                _x.AsSpan(_xAt + ((first + row) * sizes.Steps + t) * sizes.Inputs, sizes.Inputs)
                    .CopyTo(local.AsSpan(operand + row * _operandStride));
                if (sizes.Skip > 0)
                    Recall(first + row, t, operand + row * _operandStride + sizes.Inputs + sizes.Units);
            }
            for (int panel = 0; panel < matrix.Panels; panel++)
                matrix.Multiply<V>(
                    panel, LinesOf(panel), local, (operand, _operandStride), (pre, _preStride), rows);
            for (int row = 0; row < rows; row++) Advance(operand, pre, row, first + row, t);
        }
    }

    private static int OperandStride(RecurrentSizes sizes) => sizes.Inputs + sizes.States + V.Count;

    private static int CarriedStride(RecurrentSizes sizes) => sizes.Units + V.Count;

    /// <summary>Puts the initial state where that of the step before lies.</summary>
    private void Begin(RecurrentState state, int operand, int pre, int first, int rows)
    {
        int units = sizes.Units;
        for (int row = 0; row < rows; row++)
        {
            int from = (first + row) * units;
            state.H.AsSpan<T>().Slice(from, units)
                .CopyTo(local.AsSpan(operand + row * _operandStride + sizes.Inputs));
            state.Cell?.AsSpan<T>().Slice(from, units).CopyTo(local.AsSpan(CarriedAt(pre, row)));
        }
    }

    /// <summary>Puts h_{t−s} where it is multiplied.</summary>
    private void Recall(int sample, int t, int at)
    {
        int units = sizes.Units, before = t - sizes.Skip;
        Span<T> into = local.AsSpan(at, units);
        if (before >= 0) _output.AsSpan(_outputAt + (sample * sizes.Steps + before) * units, units).CopyTo(into);
        else if (before == -1 && way.Initial is { } last) last.H.AsSpan<T>().Slice(sample * units, units).CopyTo(into);
        else if (before < -1 && way.Initial?.Past is { } past)
            past.AsSpan<T>().Slice((sample * (sizes.Skip - 1) + t) * units, units).CopyTo(into);
        else into.Clear();
    }

    private int CarriedAt(int pre, int row) => pre + sizes.MostRows * _preStride + row * CarriedStride(sizes);

    private void Advance(int operand, int pre, int row, int sample, int t)
    {
        int place = sample * sizes.Steps + t, end = (sample + 1) * sizes.Steps, kept = TCell.Kept * sizes.Units;
        TCell.Forward<T, V>(new ForwardRow<T>(
            local, pre + row * _preStride, operand + row * _operandStride + sizes.Inputs, CarriedAt(pre, row),
            _kept, _keptAt + place * kept, _keptAt + end * kept, _output, _outputAt + place * sizes.Units,
            _outputAt + end * sizes.Units, sizes.Units, _perUnit, _perUnitAt));
        if (!_fetches || ++place == end) return;
        CacheLines.Fetch<T>(_kept.AsSpan(_keptAt + place * kept, kept));
        CacheLines.Fetch<T>(_output.AsSpan(_outputAt + place * sizes.Units, sizes.Units));
    }

    /// <summary>
    /// The lines that a panel's columns depend on: no input goes into the first, no state into the last.
    /// </summary>
    private (int First, int End) LinesOf(int panel)
    {
        int from = panel * matrix.Width, to = from + matrix.Width;
        return (
            to <= TCell.FromInput * sizes.Units ? sizes.Inputs : 0,
            from >= TCell.ToState * sizes.Units ? sizes.Inputs : sizes.Inputs + sizes.States);
    }
}
