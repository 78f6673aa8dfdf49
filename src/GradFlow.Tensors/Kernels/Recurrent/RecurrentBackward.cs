using System.Numerics;

namespace GradFlow.Tensors;

/// <summary>A stretch of time steps of a chunk of a batch, back from the last to the first.</summary>
/// <remarks>
/// What comes back from a later step is renormalised as the tape's cotangents are: when its largest magnitude leaves
/// the safe range it is scaled by a power of two, and an integer carries the rest, per chunk and time step. What enters
/// from above has exponent 0; where both meet, they add at the larger exponent. A chunk's own numbers are the
/// cotangents that connections which skip time steps have yet to hand back, and per row the operand of the product with
/// the recurrent weights, ∂L/∂h, and what comes back past the weights.
/// </remarks>
internal sealed partial class RecurrentBackward<TCell, T, V>(
    RecurrentSizes sizes, PanelMatrix<T> matrix, T[] local, RecurrentPass pass) : IChunkedWork
    where TCell : IRecurrentCell
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    private readonly int _operandStride = OperandStride(sizes);
    private readonly int _stateStride = matrix.PaddedColumns + V.Count;
    private readonly int _size = LocalSize(sizes, matrix.PaddedColumns);
    private readonly T[] _kept = pass.Kept.Elements<T>(), _output = pass.Output.Elements<T>();
    private readonly T[] _given = pass.Given.Elements<T>(), _cotangents = pass.Cotangents.Elements<T>();
    private readonly T[] _perUnit = pass.PerUnit?.Elements<T>() ?? [];
    private readonly int _perUnitAt = pass.PerUnit?.Offset ?? 0;
    private readonly double[] _exponents = pass.Exponents.Elements<double>();
    private readonly int _first = pass.Stretch.First, _steps = pass.Output.Shape[1];

    /// <summary>Columns of cotangents.</summary>
    private static int Columns => TCell.Columns + TCell.PerUnit;

    /// <summary>Numbers that each chunk needs for itself.</summary>
    public static int LocalSize(RecurrentSizes sizes, int paddedColumns) =>
        AwaitedSize(sizes) + sizes.MostRows * (OperandStride(sizes) + 2 * (paddedColumns + V.Count));

    public void Run(int chunk)
    {
        RecurrentWalk walk = pass.Stretch.Walk;
        if (!walk.IsUnderWay) local.AsSpan(chunk * _size, _size).Clear();
        ref int exponent = ref walk.ChunkExponents[chunk];
        for (int t = _first + _steps - 1; t >= _first; t--)
        {
            if (pass.Edges is { } edges)
                foreach (LastCellCotangent last in edges.LastCells) MeetLastCell(last, chunk, t, ref exponent);
            NoteCarried(chunk, t, exponent);
            T scale = exponent == 0 ? T.One : Meet(chunk, t, ref exponent);
            Retreat(chunk, t, scale, T.ScaleB(T.One, Math.Min(0, exponent)));
            NoteStates(chunk, t, exponent);
            _exponents[chunk * sizes.Steps + t] = exponent;
            if (sizes.Skip > 0) Await(chunk, t, exponent);
            if (t > 0 || pass.Edges?.InitialCotangent is not null) StepBack(chunk, t, ref exponent);
        }
        if (_first == 0 && pass.Edges?.InitialCotangent is { } initial) GiveInitial(initial, chunk, exponent);
    }

    /// <summary>From a time step to the one before it.</summary>
    private void StepBack(int chunk, int t, ref int exponent)
    {
        if (pass.IsCutBefore(t, sizes.Steps))
        {
            local.AsSpan(chunk * _size, _size).Clear();
            if (sizes.Skip > 0) CutSkipped(chunk, t);
            exponent = 0;
            return;
        }
        if (sizes.Skip > 0) Join(chunk, t - 1 + sizes.Skip, ref exponent);
        Multiply(chunk);
        if (pass.IsRenormalized) Renormalize(chunk, ref exponent);
    }

    private static int OperandStride(RecurrentSizes sizes) =>
        Math.Max(Columns * sizes.Units, TCell.ToState * sizes.States) + V.Count;

    private int Operand(int chunk, int row) => chunk * _size + AwaitedSize(sizes) + row * _operandStride;

    private int Total(int chunk, int row) => Operand(chunk, sizes.MostRows) + row * _stateStride;

    private int Carried(int chunk, int row) => Total(chunk, sizes.MostRows) + row * _stateStride;

    /// <summary>Through the cell, from what is known of ∂L/∂h_t to the pre-activations' cotangents.</summary>
    private void Retreat(int chunk, int t, T scale, T plain)
    {
        (int first, int rows) = sizes.RowsOf(chunk);
        for (int row = 0; row < rows; row++)
        {
            int place = PlaceOf(first + row, t);
            (T[]? before, int beforeAt) = Before(first + row, t);
            (T[] given, int givenAt) = Given(first + row, t);
            TCell.Backward<T, V>(new BackwardRow<T>(
                local, Operand(chunk, row), Total(chunk, row), Carried(chunk, row),
                given, givenAt, scale, _kept, place * TCell.Kept * sizes.Units,
                _output, place * sizes.Units, _cotangents, CotangentsAt(first + row, t), plain,
                sizes.Units, before, beforeAt, _perUnit, _perUnitAt));
            if (_fetches && t > _first) Fetch(first + row, t - 1);
        }
    }

    /// <summary>Through the recurrent weights, to what comes back to ∂L/∂h_{t−1}.</summary>
    private void Multiply(int chunk)
    {
        int rows = sizes.RowsOf(chunk).Count;
        if (TCell.ToState == 0)
        {
            local.AsSpan(Total(chunk, 0), sizes.MostRows * _stateStride).Clear();
            return;
        }
        for (int panel = 0; panel < matrix.Panels; panel++)
            matrix.Multiply<V>(
                panel, (0, TCell.ToState * sizes.States), local, (Operand(chunk, 0), _operandStride),
                (Total(chunk, 0), _stateStride), rows);
    }

    /// <summary>
    /// Brings what came back and what enters at a time step to one exponent, the larger one; zeros have none.
    /// </summary>
    /// <returns>The power of two by which what enters is to be multiplied.</returns>
    private T Meet(int chunk, int t, ref int exponent)
    {
        if (!IsGiven(t)) return T.One;
        (int first, int rows) = sizes.RowsOf(chunk);
        V largest = V.Fill(T.Zero);
        for (int row = 0; row < rows; row++)
        {
            (T[] given, int at) = Given(first + row, t);
            largest = Larger(given, at, largest);
        }
        if (Largest(largest) == T.Zero) return T.One;
        if (exponent > 0) return T.ScaleB(T.One, -exponent);
        Scale(chunk, exponent);
        exponent = 0;
        return T.One;
    }

    /// <summary>The largest magnitude of what came back.</summary>
    private T LargestBack(int chunk)
    {
        int rows = sizes.RowsOf(chunk).Count;
        // Two at a time, as each waits for the one before.
        V even = V.Fill(T.Zero), odd = even;
        for (int row = 0; row < rows; row++)
        {
            (even, odd) = (odd, Larger(local, Total(chunk, row), even));
            if (TCell.Carries) (even, odd) = (odd, Larger(local, Carried(chunk, row), even));
        }
        return Largest(Larger(even, odd));
    }

    private void Renormalize(int chunk, ref int exponent)
    {
        T largest = LargestBack(chunk);
        if (largest == T.Zero) exponent = 0;
        if (largest == T.Zero || !T.IsFinite(largest)) return;
        int excess = T.ILogB(largest);
        if (Math.Abs(excess) <= Kernels.SafeExponent<T>()) return;
        Scale(chunk, -excess);
        exponent += excess;
    }

    /// <summary>
    /// Multiplies all that came back by a power of two, in halves, as a whole one may be out of range.
    /// </summary>
    private void Scale(int chunk, int exponent)
    {
        V half = V.Fill(T.ScaleB(T.One, exponent / 2)), rest = V.Fill(T.ScaleB(T.One, exponent - exponent / 2));
        for (int at = Total(chunk, 0), end = (chunk + 1) * _size - V.Count; at <= end; at += V.Count)
            PackedRows<T, V>.Store(local, at, PackedRows<T, V>.Load(local, at) * half * rest);
    }

    /// <summary>The larger of known magnitudes and those of a row of units, lane by lane.</summary>
    private V Larger(T[] numbers, int at, V largest)
    {
        int j = 0;
        for (; j <= sizes.Units - V.Count; j += V.Count)
            largest = Larger(PackedRows<T, V>.Load(numbers, at + j), largest);
        if (j == sizes.Units) return largest;
        // Twice the same number does no harm, and those behind the row's end don't count.
        return Larger(
            j > 0 ? PackedRows<T, V>.Load(numbers, at + sizes.Units - V.Count)
                : PackedRows<T, V>.LoadPart(numbers.AsSpan(at, sizes.Units)),
            largest);
    }

    private static V Larger(V numbers, V largest)
    {
        V magnitudes = V.Abs(numbers);
        return V.WhereAtMost(magnitudes, largest, largest, magnitudes);
    }

    private static T Largest(V magnitudes)
    {
        Span<T> all = stackalloc T[V.Count];
        magnitudes.Store(ref all[0]);
        T largest = T.Zero;
        foreach (T magnitude in all) largest = magnitude <= largest ? largest : magnitude;
        return largest;
    }

    private void NoteCarried(int chunk, int t, int exponent)
    {
        if (pass.Norms is not { } norms) return;
        norms.CarriedLogs[chunk * sizes.Steps + t] =
            Log10Norm(chunk, Carried(chunk, 0), _stateStride, sizes.Units, exponent);
    }

    private void NoteStates(int chunk, int t, int exponent)
    {
        if (pass.Norms is not { } norms) return;
        int log = chunk * sizes.Steps + t;
        double state = Log10Norm(chunk, Total(chunk, 0), _stateStride, sizes.Units, exponent);
        if (TCell.CellAt >= 0) state = RecurrentNorms.Joined(state, norms.CarriedLogs[log]);
        norms.StateLogs[log] = sizes.Skip > 0 ? WithSkipped(norms, state, chunk, t) : state;
        norms.PreactivationLogs[log] =
            Log10Norm(chunk, Operand(chunk, 0), _operandStride, TCell.Columns * sizes.Units, exponent);
    }

    private double Log10Norm(int chunk, int at, int stride, int length, int exponent)
    {
        int rows = sizes.RowsOf(chunk).Count;
        double squares = 0;
        for (int row = 0; row < rows; row++)
            squares += Kernels.SumOfSquares<T>(local.AsSpan(at + row * stride, length));
        return 0.5 * Math.Log10(squares) + exponent * Math.Log10(2);
    }
}
