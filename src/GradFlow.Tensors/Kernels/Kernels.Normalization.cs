using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

public static partial class Kernels
{
    /// <summary>
    /// x̂ = (x − μ)·σ⁻¹ per column of x [n, f], with μ and the biased variance taken over the n rows.
    /// </summary>
    /// <param name="x">[n, f].</param>
    /// <param name="epsilon">Added to the variance before the root.</param>
    /// <param name="normalized">x̂, [n, f].</param>
    /// <param name="mean">μ, [f].</param>
    /// <param name="inverseStd">σ⁻¹ = (variance + ε)^(−½), [f].</param>
    public static void NormalizeColumns(Tensor x, double epsilon, Tensor normalized, Tensor mean, Tensor inverseStd)
    {
        RequireMatrix(x);
        RequireSameShape(x, normalized);
        RequireShape(mean, new Shape(x.Shape[1]));
        RequireSameShape(mean, inverseStd);
        if (IsFloat(x)) NormalizeColumns<float>(x, epsilon, normalized, mean, inverseStd);
        else NormalizeColumns<double>(x, epsilon, normalized, mean, inverseStd);
    }

    /// <summary>
    /// The cotangent of <see cref="NormalizeColumns"/>: σ⁻¹·(g − mean(g) − x̂·mean(g·x̂)), means over the rows
    /// (Ioffe &amp; Szegedy 2015).
    /// </summary>
    public static void NormalizeColumnsBackward(Tensor normalized, Tensor inverseStd, Tensor g, Tensor into)
    {
        RequireMatrix(g);
        RequireSameShape(normalized, g);
        RequireSameShape(g, into);
        RequireShape(inverseStd, new Shape(g.Shape[1]));
        if (IsFloat(g)) NormalizeColumnsBackward<float>(normalized, inverseStd, g, into);
        else NormalizeColumnsBackward<double>(normalized, inverseStd, g, into);
    }

    /// <summary>
    /// x̂ = (x − μ)·σ⁻¹ per row of x [n, f], with μ and the biased variance taken over the f columns.
    /// </summary>
    /// <param name="x">[n, f].</param>
    /// <param name="epsilon">Added to the variance before the root.</param>
    /// <param name="normalized">x̂, [n, f].</param>
    /// <param name="inverseStd">σ⁻¹, [n].</param>
    public static void NormalizeRows(Tensor x, double epsilon, Tensor normalized, Tensor inverseStd)
    {
        RequireMatrix(x);
        RequireSameShape(x, normalized);
        RequireShape(inverseStd, new Shape(x.Shape[0]));
        if (IsFloat(x)) NormalizeRows<float>(x, epsilon, normalized, inverseStd);
        else NormalizeRows<double>(x, epsilon, normalized, inverseStd);
    }

    /// <summary>
    /// The cotangent of <see cref="NormalizeRows"/>: as for columns, with means over the columns (Ba et al. 2016).
    /// </summary>
    public static void NormalizeRowsBackward(Tensor normalized, Tensor inverseStd, Tensor g, Tensor into)
    {
        RequireMatrix(g);
        RequireSameShape(normalized, g);
        RequireSameShape(g, into);
        RequireShape(inverseStd, new Shape(g.Shape[0]));
        if (IsFloat(g)) NormalizeRowsBackward<float>(normalized, inverseStd, g, into);
        else NormalizeRowsBackward<double>(normalized, inverseStd, g, into);
    }

    private static void NormalizeColumns<T>(Tensor x, double epsilon, Tensor normalized, Tensor mean, Tensor inverseStd)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = x.Shape[0], columns = x.Shape[1];
        ReadOnlySpan<T> xs = x.AsSpan<T>();
        Span<T> ys = normalized.AsSpan<T>(), mu = mean.AsSpan<T>(), inverse = inverseStd.AsSpan<T>();
        T count = T.CreateChecked(rows);
        mu.Clear();
        inverse.Clear();
        for (int i = 0; i < rows; i++) TensorPrimitives.Add(mu, xs.Slice(i * columns, columns), mu);
        TensorPrimitives.Divide(mu, count, mu);
        for (int i = 0; i < rows; i++)
        {
            Span<T> y = ys.Slice(i * columns, columns);
            TensorPrimitives.Subtract(xs.Slice(i * columns, columns), mu, y);
            TensorPrimitives.MultiplyAdd(y, y, inverse, inverse);
        }
        for (int j = 0; j < columns; j++) inverse[j] = T.One / T.Sqrt(inverse[j] / count + T.CreateChecked(epsilon));
        for (int i = 0; i < rows; i++)
        {
            Span<T> y = ys.Slice(i * columns, columns);
            TensorPrimitives.Multiply(y, inverse, y);
        }
    }

    private static void NormalizeColumnsBackward<T>(Tensor normalized, Tensor inverseStd, Tensor g, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = g.Shape[0], columns = g.Shape[1];
        ReadOnlySpan<T> xs = normalized.AsSpan<T>(), gs = g.AsSpan<T>(), inverse = inverseStd.AsSpan<T>();
        Span<T> to = into.AsSpan<T>();
        T[] scratch = Scratch<T>.First(2 * columns);
        Span<T> meanG = scratch.AsSpan(0, columns), meanGx = scratch.AsSpan(columns, columns);
        scratch.AsSpan(0, 2 * columns).Clear();
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<T> row = gs.Slice(i * columns, columns);
            TensorPrimitives.Add(meanG, row, meanG);
            TensorPrimitives.MultiplyAdd(row, xs.Slice(i * columns, columns), meanGx, meanGx);
        }
        T share = T.One / T.CreateChecked(rows);
        TensorPrimitives.Multiply(meanG, share, meanG);
        TensorPrimitives.Multiply(meanGx, share, meanGx);
        for (int i = 0; i < rows; i++)
        {
            Span<T> row = to.Slice(i * columns, columns);
            TensorPrimitives.Multiply(xs.Slice(i * columns, columns), meanGx, row);
            TensorPrimitives.Add(row, meanG, row);
            TensorPrimitives.Subtract(gs.Slice(i * columns, columns), row, row);
            TensorPrimitives.Multiply(row, inverse, row);
        }
    }

    private static void NormalizeRows<T>(Tensor x, double epsilon, Tensor normalized, Tensor inverseStd)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = x.Shape[0], columns = x.Shape[1];
        Span<T> inverse = inverseStd.AsSpan<T>();
        T count = T.CreateChecked(columns);
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<T> row = x.AsSpan<T>().Slice(i * columns, columns);
            Span<T> y = normalized.AsSpan<T>().Slice(i * columns, columns);
            TensorPrimitives.Subtract(row, TensorPrimitives.Sum(row) / count, y);
            T variance = TensorPrimitives.SumOfSquares<T>(y) / count;
            inverse[i] = T.One / T.Sqrt(variance + T.CreateChecked(epsilon));
            TensorPrimitives.Multiply(y, inverse[i], y);
        }
    }

    private static void NormalizeRowsBackward<T>(Tensor normalized, Tensor inverseStd, Tensor g, Tensor into)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = g.Shape[0], columns = g.Shape[1];
        ReadOnlySpan<T> inverse = inverseStd.AsSpan<T>();
        T share = T.One / T.CreateChecked(columns);
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<T> x = normalized.AsSpan<T>().Slice(i * columns, columns),
                row = g.AsSpan<T>().Slice(i * columns, columns);
            Span<T> to = into.AsSpan<T>().Slice(i * columns, columns);
            T meanG = TensorPrimitives.Sum(row) * share, meanGx = TensorPrimitives.Dot(row, x) * share;
            TensorPrimitives.Multiply(x, meanGx, to);
            TensorPrimitives.Add(to, meanG, to);
            TensorPrimitives.Subtract(row, to, to);
            TensorPrimitives.Multiply(to, inverse[i], to);
        }
    }
}
