namespace GradFlow.Tensors;

/// <summary>
/// C = A·B + bias, or C + A·B + bias, with A of [Rows, Depth] and B of [Depth, Columns]; the columns of C lie side by
/// side.
/// </summary>
/// <param name="A">The left operand, of any strides.</param>
/// <param name="B">The right operand, of any strides.</param>
/// <param name="C">The result.</param>
/// <param name="Rows">Rows of A and C.</param>
/// <param name="Depth">Length of each sum.</param>
/// <param name="Columns">Columns of B and C.</param>
/// <param name="Bias">Added to each row, one element per column; null for none.</param>
/// <param name="BiasOffset">Where its first element stands.</param>
/// <param name="OntoC">Whether the product is added to what C holds.</param>
internal readonly record struct Product<T>(
    Matrix<T> A, Matrix<T> B, Matrix<T> C, int Rows, int Depth, int Columns, T[]? Bias, int BiasOffset, bool OntoC)
    where T : unmanaged;
