namespace GradFlow.Tensors;

/// <summary>A matrix in memory: element (i, j) stands at Offset + i·Row + j·Column.</summary>
internal readonly record struct Matrix<T>(T[] Elements, int Offset, int Row, int Column)
    where T : unmanaged
{
    public ref T this[int row, int column] => ref Elements[Offset + row * Row + column * Column];

    /// <summary>The rows from one on.</summary>
    public Matrix<T> From(int row) => this with { Offset = Offset + row * Row };

    /// <summary>Rows and columns exchanged.</summary>
    public Matrix<T> Transposed() => this with { Row = Column, Column = Row };

    /// <summary>A row, whose elements lie side by side.</summary>
    public Span<T> Stretch(int row, int columns) => Elements.AsSpan(Offset + row * Row, columns);

    /// <summary>Makes all elements 0; those of a row lie side by side.</summary>
    public void Clear(int rows, int columns)
    {
        for (int row = 0; row < rows; row++) Stretch(row, columns).Clear();
    }

    public static Matrix<T> Of(Tensor tensor) =>
        new(tensor.Elements<T>(), tensor.Offset, tensor.StrideArray[0], tensor.StrideArray[1]);

    public static Matrix<T> Transposed(Tensor tensor) =>
        new(tensor.Elements<T>(), tensor.Offset, tensor.StrideArray[1], tensor.StrideArray[0]);
}
