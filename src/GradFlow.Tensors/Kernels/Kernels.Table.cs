using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    private const int NoRow = -1;

    /// <summary>Some rows of a matrix, in the order asked for; a row may be asked for more than once.</summary>
    /// <param name="table">[rows, n], dense.</param>
    /// <param name="rows">Numbers of rows, from 0; −1 for zeros.</param>
    /// <param name="into">[count, n].</param>
    public static void SelectRows(Tensor table, ReadOnlySpan<int> rows, Tensor into)
    {
        RequireRows(table, rows, into);
        if (IsFloat(table)) SelectRows(table.AsSpan<float>(), rows, table.Shape[1], into.AsSpan<float>());
        else SelectRows(table.AsSpan<double>(), rows, table.Shape[1], into.AsSpan<double>());
    }

    /// <summary>Adds each row of values to a row of a matrix, one after the other.</summary>
    /// <param name="table">[rows, n], dense; written.</param>
    /// <param name="rows">To which row each is added, from 0; −1 for none.</param>
    /// <param name="values">[count, n].</param>
    public static void AddToRowsInPlace(Tensor table, ReadOnlySpan<int> rows, Tensor values)
    {
        RequireRows(table, rows, values);
        if (IsFloat(table)) AddToRows(table.AsSpan<float>(), rows, table.Shape[1], values.AsSpan<float>());
        else AddToRows(table.AsSpan<double>(), rows, table.Shape[1], values.AsSpan<double>());
    }

    private static void RequireRows(Tensor table, ReadOnlySpan<int> rows, Tensor values)
    {
        RequireMatrix(table);
        RequireSameType(table, values);
        RequireShape(values, new Shape(rows.Length, table.Shape[1]));
        foreach (int row in rows)
        {
            if (row < NoRow || row >= table.Shape[0])
                throw new ArgumentException($"row {row} of {table.Shape[0]}; "
                    + $"expected 0 to {table.Shape[0] - 1}, or -1");
        }
    }

    private static void SelectRows<T>(ReadOnlySpan<T> table, ReadOnlySpan<int> rows, int size, Span<T> into)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] == NoRow) into.Slice(i * size, size).Clear();
            else table.Slice(rows[i] * size, size).CopyTo(into[(i * size)..]);
        }
    }

    private static void AddToRows<T>(Span<T> table, ReadOnlySpan<int> rows, int size, ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] == NoRow) continue;
            Span<T> row = table.Slice(rows[i] * size, size);
            Zip<T, AddF<T>>(row, values.Slice(i * size, size), row);
        }
    }
}
