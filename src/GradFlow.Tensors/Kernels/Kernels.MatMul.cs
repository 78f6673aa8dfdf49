using System.Numerics;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// The matrix product of a [m, k] and b [k, n], each of any strides (so also transposed), into [m, n].
    /// </summary>
    /// <remarks>
    /// Each element of the result is one chain of multiply-adds in the order of k, wherever its tile lies and however
    /// wide the processor's vectors are.
    /// </remarks>
    /// <param name="a">The left operand; [k, m] where it is to be transposed.</param>
    /// <param name="b">The right operand; [n, k] where it is to be transposed.</param>
    /// <param name="into">The result, whose rows must each be dense.</param>
    /// <param name="accumulate">Whether chains go on from what the result holds, so that the product is added.</param>
    /// <param name="transposeA">Whether a is transposed first; spares the view.</param>
    /// <param name="transposeB">Whether b is transposed first; spares the view.</param>
    /// <exception cref="ArgumentException">Not matrices, or their shapes don't fit.</exception>
    /// <exception cref="InvalidOperationException">The result's rows aren't dense.</exception>
    public static void MatMul(
        Tensor a, Tensor b, Tensor into, bool accumulate = false, bool transposeA = false, bool transposeB = false)
    {
        RequireSameType(a, b);
        RequireSameType(a, into);
        if (a.Shape.Count != 2 || b.Shape.Count != 2 || Extent(a, 1, transposeA) != Extent(b, 0, transposeB))
            throw new ArgumentException(
                $"cannot multiply {a.Shape}{Sign(transposeA)} by {b.Shape}{Sign(transposeB)}; "
                + "expected [m, k] and [k, n]");
        if (into.Shape.Count != 2 || into.Shape[0] != Extent(a, 0, transposeA)
            || into.Shape[1] != Extent(b, 1, transposeB))
            throw new ArgumentException(
                $"the product of {a.Shape}{Sign(transposeA)} and {b.Shape}{Sign(transposeB)} "
                + $"does not fit {into.Shape}");
        if (IsFloat(a)) MatMul<float>(a, b, null, into, accumulate, transposeA, transposeB);
        else MatMul<double>(a, b, null, into, accumulate, transposeA, transposeB);
    }

    /// <summary>
    /// x·Wᵀ + b of x [n, in], W [out, in] and b [out] (or none) into [n, out]: the bits of the product and then the
    /// sum, in one pass over the result.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    /// <exception cref="InvalidOperationException">The result's rows, or the bias, aren't dense.</exception>
    public static void Affine(Tensor x, Tensor weight, Tensor? bias, Tensor into)
    {
        RequireSameType(x, weight);
        RequireSameType(x, into);
        if (x.Shape.Count != 2 || weight.Shape.Count != 2 || x.Shape[1] != weight.Shape[1])
            throw new ArgumentException(
                $"input {x.Shape} does not fit weight {weight.Shape}; expected [n, in] and [out, in]");
        if (into.Shape.Count != 2 || into.Shape[0] != x.Shape[0] || into.Shape[1] != weight.Shape[0])
            throw new ArgumentException(
                $"the result of input {x.Shape} and weight {weight.Shape} does not fit {into.Shape}");
        if (bias is not null)
        {
            RequireSameType(x, bias);
            if (bias.Shape.Count != 1 || bias.Shape[0] != weight.Shape[0])
                throw new ArgumentException($"bias {bias.Shape} does not fit weight {weight.Shape}; expected [out]");
        }
        if (IsFloat(x)) MatMul<float>(x, weight, bias, into, false, false, true);
        else MatMul<double>(x, weight, bias, into, false, false, true);
    }

    private static int Extent(Tensor matrix, int dimension, bool transposed) =>
        matrix.Shape[transposed ? 1 - dimension : dimension];

    private static string Sign(bool transposed) => transposed ? "ᵀ" : "";

    private static void MatMul<T>(
        Tensor a, Tensor b, Tensor? bias, Tensor into, bool accumulate, bool transposeA, bool transposeB)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = into.Shape[0], columns = into.Shape[1];
        if (columns > 1 && into.Strides[1] != 1 || rows > 1 && into.Strides[0] < columns) into.AsSpan<T>();
        if (bias is { IsContiguous: false }) bias.AsSpan<T>();
        var product = new Product<T>(
            transposeA ? Matrix<T>.Transposed(a) : Matrix<T>.Of(a),
            transposeB ? Matrix<T>.Transposed(b) : Matrix<T>.Of(b),
            Matrix<T>.Of(into), rows, Extent(a, 1, transposeA), columns,
            bias?.Elements<T>(), bias?.Offset ?? 0, accumulate);
        ProductChunks<T>.Multiply(product);
    }
}
