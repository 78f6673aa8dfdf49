namespace GradFlow.Tensors;

/// <summary>A matrix in memory: element (i, j) stands at Offset + i·Row + j·Column.</summary>
internal readonly record struct Matrix<T>(T[] Elements, int Offset, int Row, int Column)
    where T : unmanaged
{
    public ref T this[int row, int column] => ref Elements[Offset + row * Row + column * Column];

    public static Matrix<T> Of(Tensor tensor) =>
        new(tensor.Elements<T>(), tensor.Offset, tensor.StrideArray[0], tensor.StrideArray[1]);

    public static Matrix<T> Transposed(Tensor tensor) =>
        new(tensor.Elements<T>(), tensor.Offset, tensor.StrideArray[1], tensor.StrideArray[0]);
}
