using System.Numerics;
using System.Runtime.Intrinsics;

namespace GradFlow.Tensors;

/// <summary>
/// A matrix that is laid out once and then multiplied by one vector after the other, at the precision of its elements.
/// Not safe for use by two threads at once.
/// </summary>
public abstract class VectorProduct
{
    private protected VectorProduct()
    {
    }

    /// <summary>Lays a matrix out.</summary>
    /// <param name="matrix">Dense, [rows, columns]; what is written to it later doesn't count.</param>
    /// <param name="rent">Lends the room for it, of so many elements of its type, for as long as it is used.</param>
    /// <exception cref="ArgumentException">No matrix.</exception>
    public static VectorProduct Of(Tensor matrix, Func<int, Tensor> rent)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(rent);
        if (matrix.Shape.Count != 2)
            throw new ArgumentException($"a tensor of shape {matrix.Shape}; expected a matrix", nameof(matrix));
        return matrix.ElementType == ElementType.Float32 ? Of<float>(matrix, rent) : Of<double>(matrix, rent);
    }

    /// <summary>The matrix times a vector.</summary>
    /// <param name="vector">As many numbers as the matrix has columns.</param>
    /// <param name="into">Takes as many as it has rows.</param>
    /// <exception cref="ArgumentException">Of another size.</exception>
    public abstract void Multiply(ReadOnlySpan<double> vector, Span<double> into);

    private static VectorProduct Of<T>(Tensor matrix, Func<int, Tensor> rent)
        where T : unmanaged, IFloatingPointIeee754<T> => Vector512.IsHardwareAccelerated
            ? new VectorProduct<T, WidePacked<T>>(matrix, rent)
            : new VectorProduct<T, NativePacked<T>>(matrix, rent);
}

internal sealed class VectorProduct<T, V> : VectorProduct
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct, IPacked<V, T>
{
    private readonly int _rows, _columns, _productAt;
    private readonly PanelMatrix<T> _matrix;
    private readonly T[] _local;

    public VectorProduct(Tensor matrix, Func<int, Tensor> rent)
    {
        (_rows, _columns) = (matrix.Shape[0], matrix.Shape[1]);
        var layout = new PanelLayout(_columns, _rows, 2 * V.Count);
        _matrix = new PanelMatrix<T>(layout, rent(layout.Size).Elements<T>());
        _matrix.Clear();
        _matrix.PutColumns(matrix.AsSpan<T>(), _columns, 0, 0);
        _productAt = ScoreRows<T, V>.Padded(_columns);
        _local = new T[_productAt + layout.PaddedColumns];
    }

    public override void Multiply(ReadOnlySpan<double> vector, Span<double> into)
    {
        if (vector.Length != _columns || into.Length != _rows)
            throw new ArgumentException(
                $"{vector.Length} numbers into {into.Length}; expected {_columns} into {_rows}");
        for (int i = 0; i < vector.Length; i++) _local[i] = T.CreateTruncating(vector[i]);
        for (int panel = 0; panel < _matrix.Panels; panel++)
            _matrix.Multiply<V>(panel, (0, _columns), _local, (0, _productAt), (_productAt, _matrix.PaddedColumns), 1);
        for (int i = 0; i < into.Length; i++) into[i] = double.CreateTruncating(_local[_productAt + i]);
    }
}
