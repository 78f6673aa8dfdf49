using System.Numerics;

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
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A product without a bias.</summary>
    public Product(Matrix<T> a, Matrix<T> b, Matrix<T> c, int rows, int depth, int columns, bool ontoC = false)
        : this(a, b, c, rows, depth, columns, null, 0, ontoC)
    {
    }

    /// <summary>Computes it on the calling thread alone, as a part of a larger piece of work.</summary>
    public void MultiplyAlone() => ProductChunks<T>.Multiply(this, 0, Rows, 0, Columns);
}
