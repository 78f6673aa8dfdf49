using GradFlow.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace GradFlow.Nn;

/// <summary>Orthonormal rows or columns of [out, in·∏k], whichever are fewer, times the gain.</summary>
/// <remarks>
/// Gram–Schmidt of Gaussian vectors: the Q of a QR decomposition whose R has a positive diagonal, which makes it
/// uniform (Mezzadri 2007). Each vector is projected twice, after which what is left of the earlier ones is of the
/// order of float64's rounding ("twice is enough", Parlett 1980).
/// </remarks>
internal sealed class OrthogonalInitializer : Initializer
{
    private readonly double _gain;

    public OrthogonalInitializer(double gain)
        : base("orthogonal") => _gain = Bounds.RequireFinite(gain);

    public override void FillInPlace(Tensor weight, RandomKey key)
    {
        Tensor parts = WithPlaces(weight),
            matrix = parts.Reshape(new Shape(parts.Shape[0], parts.Shape[1] * parts.Shape[2]));
        int length = Math.Max(matrix.Shape[0], matrix.Shape[1]), count = Math.Min(matrix.Shape[0], matrix.Shape[1]);
        Tensor vectors = Tensor.Zeros(new Shape(count, length), ElementType.Float64);
        Kernels.FillNormalInPlace(vectors, key, 0, 1);
        OrthonormalizeRowsInPlace(vectors.AsSpan<double>(), count, length);
        Kernels.Scale(vectors, _gain, vectors);
        Kernels.Copy(matrix.Shape[0] == count ? vectors : vectors.Transpose(), matrix);
    }

    private protected override double MeanSquare(int inputs, int outputs, int places) =>
        _gain * _gain / Math.Max((double)inputs * places, outputs);

    private static void OrthonormalizeRowsInPlace(Span<double> rows, int count, int length)
    {
        for (int i = 0; i < count; i++)
        {
            Span<double> row = rows.Slice(i * length, length);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    ReadOnlySpan<double> earlier = rows.Slice(j * length, length);
                    TensorPrimitives.MultiplyAdd(earlier, -TensorPrimitives.Dot(row, earlier), row, row);
                }
            }
            TensorPrimitives.Divide(row, TensorPrimitives.Norm<double>(row), row);
        }
    }
}
