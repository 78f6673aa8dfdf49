using System.Numerics;
using System.Numerics.Tensors;

namespace GradFlow.Tensors;

/// <summary>Brings the cotangents of all time steps to one exponent, for products that sum over time.</summary>
/// <param name="sizes">The extents.</param>
/// <param name="exponents">The exponent of each chunk and time step.</param>
/// <param name="cotangents">[n, T, columns].</param>
/// <param name="floor">The exponent below which those of the chunks have been taken off already.</param>
/// <param name="start">The time step that the cotangents begin with.</param>
internal readonly struct RecurrentExponents(
    RecurrentSizes sizes, Tensor exponents, Tensor cotangents, int floor = 0, int start = 0)
{
    /// <summary>Scales in place.</summary>
    /// <returns>The exponent of all: the largest at which there is a number other than 0; 0 without any.</returns>
    public int Align()
    {
        if (TensorPrimitives.Max<double>(exponents.AsSpan<double>()) <= floor) return 0;
        return cotangents.ElementType == ElementType.Float32 ? Align<float>() : Align<double>();
    }

    private int Align<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int largest = floor, lowest = floor;
        ForEachRow<T>((row, exponent) =>
        {
            if (exponent > largest && row.ContainsAnyExcept(T.Zero)) largest = exponent;
        });
        if (largest == lowest) return 0;
        ForEachRow<T>((row, exponent) =>
            TensorPrimitives.Multiply(row, T.ScaleB(T.One, Math.Max(lowest, exponent) - largest), row));
        return largest;
    }

    private void ForEachRow<T>(RowAction<T> action)
        where T : unmanaged
    {
        (int steps, int columns) = (cotangents.Shape[1], cotangents.Shape[2]);
        Span<T> all = cotangents.AsSpan<T>();
        Span<double> exponentOf = exponents.AsSpan<double>();
        for (int chunk = 0; chunk < sizes.Chunks; chunk++)
        {
            (int first, int rows) = sizes.RowsOf(chunk);
            for (int row = first; row < first + rows; row++)
                for (int t = 0; t < steps; t++)
                    action(
                        all.Slice((row * steps + t) * columns, columns),
                        (int)exponentOf[chunk * sizes.Steps + start + t]);
        }
    }

    private delegate void RowAction<T>(Span<T> row, int exponent);
}
