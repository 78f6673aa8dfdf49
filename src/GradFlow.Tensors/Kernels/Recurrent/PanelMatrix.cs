using System.Numerics;
using System.Runtime.CompilerServices;

namespace GradFlow.Tensors;

/// <summary>
/// A matrix of [lines, columns] laid out for products with few rows: panels as wide as two vectors, each a line of
/// biases and then its lines one after the other, padded with zeros.
/// </summary>
/// <param name="layout">Its extents.</param>
/// <param name="data">Where it lies, from the start.</param>
internal sealed class PanelMatrix<T>(PanelLayout layout, T[] data)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public T[] Data => data;

    public int Panels => layout.Panels;

    public int Width => layout.Width;

    public int PaddedColumns => layout.PaddedColumns;

    /// <summary>Where a panel's line begins; −1 stands for its biases.</summary>
    public int At(int panel, int line) => (panel * (layout.Lines + 1) + line + 1) * layout.Width;

    /// <summary>rows [count, lines] times the lines of a panel from a first one on, plus its biases.</summary>
    /// <typeparam name="V">The width.</typeparam>
    /// <param name="panel">Which one.</param>
    /// <param name="lines">Its lines, the first and the end.</param>
    /// <param name="local">Holds rows and products.</param>
    /// <param name="rows">Where the rows begin, and how far it is from one to the next.</param>
    /// <param name="into">Where the products begin, likewise.</param>
    /// <param name="count">How many rows.</param>
    public void Multiply<V>(
        int panel, (int First, int End) lines, T[] local, (int At, int Stride) rows, (int At, int Stride) into,
        int count)
        where V : struct, IPacked<V, T>
    {
        int size = Unsafe.SizeOf<T>(), left = layout.Columns - panel * Width;
        var strip = new Strip<T>
        {
            A = ref local[rows.At + lines.First],
            ARow = rows.Stride * size,
            AStep = size,
            B = ref data[At(panel, lines.First)],
            BStep = Width * size,
            Bias = ref data[At(panel, -1)],
            Depth = lines.End - lines.First,
            C = ref local[into.At + panel * Width],
            CRow = into.Stride * size,
            Width = left > V.Count ? Width : V.Count,
        };
        V.Multiply(strip, count);
    }

    public void Clear() => data.AsSpan(0, layout.Size).Clear();

    /// <summary>Puts rows of a matrix [rows, size] below each other, as lines.</summary>
    public void PutLines(ReadOnlySpan<T> rows, int size, int line)
    {
        for (int at = 0; at < rows.Length; at += size, line++)
        {
            for (int column = 0, panel = 0; column < size; column += Width, panel++)
                rows.Slice(at + column, Math.Min(Width, size - column)).CopyTo(data.AsSpan(At(panel, line)));
        }
    }

    /// <summary>Puts rows of a matrix [rows, size] beside each other, as columns, from a line on.</summary>
    public void PutColumns(ReadOnlySpan<T> rows, int size, int line, int column)
    {
        for (int at = 0; at < rows.Length; at += size, column++)
        {
            ReadOnlySpan<T> row = rows.Slice(at, size);
            int to = At(column / Width, line) + column % Width;
            for (int i = 0; i < row.Length; i++, to += Width) data[to] = row[i];
        }
    }

    /// <summary>Adds to the biases from a column on.</summary>
    public void AddBiases(ReadOnlySpan<T> biases, int column)
    {
        foreach (T bias in biases)
        {
            data[At(column / Width, -1) + column % Width] += bias;
            column++;
        }
    }
}

/// <summary>The extents of a matrix in panels.</summary>
/// <param name="Lines">Lines, without the biases.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Width">Columns of a panel.</param>
internal readonly record struct PanelLayout(int Lines, int Columns, int Width)
{
    public int Panels => (Columns + Width - 1) / Width;

    /// <summary>Columns with those that pad the last panel.</summary>
    public int PaddedColumns => Panels * Width;

    /// <summary>Numbers in all.</summary>
    public int Size => PaddedColumns * (Lines + 1);
}
