using System.Numerics;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

/// <summary>
/// A matrix product shared out among threads: a grid of parts that depends on the shapes alone, each a product of its
/// own.
/// </summary>
/// <remarks>One per calling thread, used again for each product, so that a call allocates nothing.</remarks>
internal sealed class ProductChunks<T> : IChunkedWork
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Below about a millionth of a second for each thread, handing over costs more than it saves.
    private const long LeastMultiplyAdds = 1 << 18;
    private const int MostChunks = 32, RowUnit = 12, LeastRowsWhenPacking = 48;

    [ThreadStatic]
    private static ProductChunks<T>? _own;

    private Product<T> _product;
    private int _rowChunks;
    private int _columnChunks;

    // Strips of the widest vectors, so that the grid is the same in all widths.
    private static int ColumnUnit => 2 * Vector512<T>.Count;

    /// <summary>Computes a product, on several threads where that pays.</summary>
    public static void Multiply(in Product<T> product)
    {
        long work = (long)product.Rows * product.Columns * product.Depth;
        if (work < 2 * LeastMultiplyAdds || Workers.Threads == 1)
        {
            Multiply(product, 0, product.Rows, 0, product.Columns);
            return;
        }
        ProductChunks<T> chunks = _own ??= new ProductChunks<T>();
        chunks.Share(product, (int)Math.Min(MostChunks, work / LeastMultiplyAdds));
    }

    /// <inheritdoc/>
    public void Run(int chunk)
    {
        int row = chunk / _columnChunks, column = chunk % _columnChunks;
        int firstRow = From(row, _rowChunks, _product.Rows, RowUnit);
        int rows = From(row + 1, _rowChunks, _product.Rows, RowUnit) - firstRow;
        int firstColumn = From(column, _columnChunks, _product.Columns, ColumnUnit);
        int columns = From(column + 1, _columnChunks, _product.Columns, ColumnUnit) - firstColumn;
        Multiply(_product, firstRow, rows, firstColumn, columns);
    }

    private void Share(in Product<T> product, int wanted)
    {
        // Columns first: a strip that has to be packed is then packed by few, or by one.
        _columnChunks = Math.Min(wanted, Units(product.Columns, ColumnUnit));
        int leastRows = product.B.Column == 1 ? RowUnit : LeastRowsWhenPacking;
        _rowChunks = Math.Min((wanted + _columnChunks - 1) / _columnChunks, Units(product.Rows, leastRows));
        _product = product;
        try
        {
            Workers.Run(this, _rowChunks * _columnChunks);
        }
        finally
        {
            _product = default;
        }
    }

    private static int Units(int extent, int unit) => (extent + unit - 1) / unit;

    private static int From(int chunk, int chunks, int extent, int unit) =>
        Math.Min(extent, (int)((long)Units(extent, unit) * chunk / chunks) * unit);

    /// <summary>Computes some rows and columns of a product in the widest vectors that are fast here.</summary>
    internal static void Multiply(in Product<T> product, int firstRow, int rows, int firstColumn, int columns)
    {
        if (Vector512.IsHardwareAccelerated)
            Blocks<Lanes512<T>, Vector512<T>, T>.Multiply(product, firstRow, rows, firstColumn, columns);
        else if (Vector256.IsHardwareAccelerated)
            Blocks<Lanes256<T>, Vector256<T>, T>.Multiply(product, firstRow, rows, firstColumn, columns);
        else if (Vector128.IsHardwareAccelerated)
            Blocks<Lanes128<T>, Vector128<T>, T>.Multiply(product, firstRow, rows, firstColumn, columns);
        else
            Blocks<ScalarLane<T>, T, T>.Multiply(product, firstRow, rows, firstColumn, columns);
    }
}
