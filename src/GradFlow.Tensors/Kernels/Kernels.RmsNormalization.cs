using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>x̂ = x·r⁻¹ per row of x [n, f], r² = mean(x²) + ε over the f columns.</summary>
    /// <param name="x">[n, f].</param>
    /// <param name="epsilon">Added to the mean square before the root.</param>
    /// <param name="normalized">x̂, [n, f].</param>
    /// <param name="inverseRms">r⁻¹, [n].</param>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void NormalizeRms(Tensor x, double epsilon, Tensor normalized, Tensor inverseRms)
    {
        RequireMatrix(x);
        RequireSameShape(x, normalized);
        RequireShape(inverseRms, new Shape(x.Shape[0]));
        if (IsFloat(x)) NormalizeRms<float>(x, epsilon, normalized, inverseRms);
        else NormalizeRms<double>(x, epsilon, normalized, inverseRms);
    }

    /// <summary>
    /// The cotangent of <see cref="NormalizeRms"/>: r⁻¹·(g − x̂·mean(g·x̂)), the mean over the columns.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes don't fit.</exception>
    public static void NormalizeRmsBackward(Tensor normalized, Tensor inverseRms, Tensor g, Tensor into)
    {
        RequireMatrix(g);
        RequireSameShape(normalized, g);
        RequireSameShape(g, into);
        RequireShape(inverseRms, new Shape(g.Shape[0]));
        if (IsFloat(g)) NormalizeRmsBackward<float>(normalized, inverseRms, g, into);
        else NormalizeRmsBackward<double>(normalized, inverseRms, g, into);
    }

    private static void NormalizeRms<T>(Tensor x, double epsilon, Tensor normalized, Tensor inverseRms)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = x.Shape[0], columns = x.Shape[1];
        Span<T> inverse = inverseRms.AsSpan<T>();
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<T> row = x.AsSpan<T>().Slice(i * columns, columns);
            T square = TensorPrimitives.SumOfSquares(row) / T.CreateChecked(columns);
            inverse[i] = T.One / T.Sqrt(square + T.CreateChecked(epsilon));
            TensorPrimitives.Multiply(row, inverse[i], normalized.AsSpan<T>().Slice(i * columns, columns));
        }
    }

    private static void NormalizeRmsBackward<T>(Tensor normalized, Tensor inverseRms, Tensor g, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = g.Shape[0], columns = g.Shape[1];
        ReadOnlySpan<T> inverse = inverseRms.AsSpan<T>();
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<T> x = normalized.AsSpan<T>().Slice(i * columns, columns),
                row = g.AsSpan<T>().Slice(i * columns, columns);
            Span<T> to = into.AsSpan<T>().Slice(i * columns, columns);
            T mean = TensorPrimitives.Dot(row, x) / T.CreateChecked(columns);
            TensorPrimitives.Multiply(x, mean, to);
            TensorPrimitives.Subtract(row, to, to);
            TensorPrimitives.Multiply(to, inverse[i], to);
        }
    }
}
