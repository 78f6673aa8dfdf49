using System.Numerics.Tensors;

namespace GradFlow.Tensors;

/// <content>
/// Connections that skip s time steps: ∂L/∂a_{t+s} waits, with an exponent of its own, until the walk has come to h_t.
/// </content>
internal sealed partial class RecurrentBackward<TCell, T, V>
{
    /// <summary>Cotangents of one row that go into the product with either weight of the state.</summary>
    private int OperandSize => TCell.ToState * sizes.Units;

    private static int AwaitedSize(RecurrentSizes sizes) =>
        sizes.Skip * sizes.MostRows * TCell.ToState * sizes.Units;

    /// <summary>Where a time step's cotangents of a row wait; s steps on, others take their place.</summary>
    private Span<T> Awaited(int chunk, int t, int row) => local.AsSpan(
        chunk * _size + (t % sizes.Skip * sizes.MostRows + row) * OperandSize, OperandSize);

    private void Await(int chunk, int t, int exponent)
    {
        for (int row = 0; row < sizes.RowsOf(chunk).Count; row++)
            local.AsSpan(Operand(chunk, row), OperandSize).CopyTo(Awaited(chunk, t, row));
        if (pass.Norms is { } norms) norms.SkippedLogs[chunk * sizes.Steps + t] = SkippedNorm(chunk, t, exponent);
    }

    /// <summary>
    /// log10 of what the connections hand back from a time step; ∂L/∂h_t isn't needed any more by then.
    /// </summary>
    private double SkippedNorm(int chunk, int t, int exponent)
    {
        int rows = sizes.RowsOf(chunk).Count;
        for (int row = 0; row < rows; row++)
            Awaited(chunk, t, row).CopyTo(local.AsSpan(Operand(chunk, row) + OperandSize, OperandSize));
        for (int panel = 0; panel < matrix.Panels; panel++)
            matrix.Multiply<V>(
                panel, (OperandSize, 2 * OperandSize), local, (Operand(chunk, 0), _operandStride),
                (Total(chunk, 0), _stateStride), rows);
        return Log10Norm(chunk, Total(chunk, 0), _stateStride, sizes.Units, exponent);
    }

    /// <summary>Joins a state's norm with those of earlier states, as far as later steps see them.</summary>
    private double WithSkipped(RecurrentNorms norms, double state, int chunk, int t)
    {
        for (int later = t + 1; later < Math.Min(t + sizes.Skip, sizes.Steps); later++)
            state = RecurrentNorms.Joined(state, norms.SkippedLogs[chunk * sizes.Steps + later]);
        return state;
    }

    private void CutSkipped(int chunk, int t)
    {
        if (pass.Norms is not { } norms) return;
        int count = Math.Min(sizes.Skip, sizes.Steps - t);
        norms.SkippedLogs.AsSpan(chunk * sizes.Steps + t, count).Fill(double.NegativeInfinity);
    }

    /// <summary>
    /// Puts the cotangents of a later step beside those of this one, at the larger exponent of both. In the operand
    /// they take the place of what only the input's product needs.
    /// </summary>
    private void Join(int chunk, int later, ref int exponent)
    {
        int awaited = later < sizes.Steps ? (int)_exponents[chunk * sizes.Steps + later] : exponent;
        T scale = awaited == exponent ? T.One : Meet(chunk, later, awaited, ref exponent);
        for (int row = 0; row < sizes.RowsOf(chunk).Count; row++)
        {
            Span<T> from = Awaited(chunk, later, row);
            Span<T> into = local.AsSpan(Operand(chunk, row) + OperandSize, OperandSize);
            if (scale == T.One) from.CopyTo(into);
            else TensorPrimitives.Multiply(from, scale, into);
        }
    }

    /// <summary>
    /// Brings this step to a later one's exponent where that is larger, or where this one holds zeros.
    /// </summary>
    /// <returns>The power of two by which what has waited is to be multiplied; 0 where that is zeros.</returns>
    private T Meet(int chunk, int later, int awaited, ref int exponent)
    {
        bool isAwaited = false, isHere = false;
        for (int row = 0; row < sizes.RowsOf(chunk).Count; row++)
        {
            isAwaited |= Awaited(chunk, later, row).ContainsAnyExcept(T.Zero);
            isHere |= local.AsSpan(Operand(chunk, row), OperandSize).ContainsAnyExcept(T.Zero)
                || local.AsSpan(Carried(chunk, row), sizes.Units).ContainsAnyExcept(T.Zero);
        }
        if (!isAwaited) return T.Zero;
        if (isHere && awaited < exponent) return T.ScaleB(T.One, awaited - exponent);
        if (isHere) Scale(chunk, exponent - awaited);
        if (isHere) ScaleOperand(chunk, T.ScaleB(T.One, exponent - awaited));
        exponent = awaited;
        return T.One;
    }

    private void ScaleOperand(int chunk, T scale)
    {
        for (int row = 0; row < sizes.RowsOf(chunk).Count; row++)
        {
            Span<T> operand = local.AsSpan(Operand(chunk, row), OperandSize);
            TensorPrimitives.Multiply(operand, scale, operand);
        }
    }
}
